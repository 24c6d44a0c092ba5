import { SingleFlight } from './single-flight.js';

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe('SingleFlight', () => {
  it('shares one run among all who ask meanwhile', async () => {
    const flights = new SingleFlight<number>();
    const source = deferred<number>();
    const first = flights.lead('k', [], () => source.promise);
    const second = flights.join('k');
    source.resolve(7);
    expect(await Promise.all([first, second])).toEqual([7, 7]);
  });

  it('is over before its callers hear of it', async () => {
    const flights = new SingleFlight<number>();
    const sizes: number[] = [];
    await flights.lead('k', [], async () => 1).then(() => sizes.push(flights.size));
    await flights.lead('k', [], () => Promise.reject(new Error('x'))).catch(() => sizes.push(flights.size));
    expect(sizes).toEqual([0, 0]);
  });

  it('rejects every caller with the very reason, a falsy one included', async () => {
    const flights = new SingleFlight<number>();
    const source = deferred<number>();
    const callers = [flights.lead('k', [], () => source.promise), flights.join('k'), flights.join('k')];
    source.reject(undefined);
    expect(await Promise.allSettled(callers)).toEqual(callers.map(() => ({ status: 'rejected', reason: undefined })));
  });

  it('lets nobody join a detached flight, and a flight that ends late does not remove its successor', async () => {
    const flights = new SingleFlight<string>();
    const old = deferred<string>();
    const young = deferred<string>();
    const first = flights.lead('k', [], () => old.promise);
    flights.detach('k');
    expect(flights.join('k')).toBeUndefined();
    const second = flights.lead('k', [], () => young.promise);
    old.resolve('old');
    expect(await first).toBe('old');
    expect(flights.size).toBe(1);
    young.resolve('new');
    expect(await second).toBe('new');
  });

  it('detaches the flights that will carry a tag, and only those', () => {
    const flights = new SingleFlight<void>();
    const never = new Promise<void>(() => undefined);
    void flights.lead('tagged', ['a', 'b'], () => never);
    void flights.lead('other', ['c'], () => never);
    flights.detachTagged(['b']);
    expect(flights.join('tagged')).toBeUndefined();
    expect(flights.join('other')).toBeDefined();
  });

  it('can be detached by its own run before that waits for anything', async () => {
    const flights = new SingleFlight<number>();
    const result = flights.lead('k', [], async () => {
      flights.detach('k');
      return 1;
    });
    expect(flights.join('k')).toBeUndefined();
    expect(await result).toBe(1);
  });
});
