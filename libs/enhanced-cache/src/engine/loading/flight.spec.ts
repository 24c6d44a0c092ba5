import { getEventListeners } from 'node:events';
import { RecursiveLoadError } from '../errors.js';
import { assertNotRecursive, Flight, type Loaded } from './flight.js';

const OWNER = {};
const LOADED: Loaded = { value: 1, stored: undefined, cost: 0, fenced: false };
const ignore = (): void => undefined;

function flightOf(key: string, { owner = OWNER, background = false } = {}): Flight {
  return new Flight(owner, key, { epoch: 0, sequence: 1 }, [], background);
}

describe('Flight: callers', () => {
  it('gives all who wait the same result, and counts them while they do', async () => {
    const flight = flightOf('k');
    const waits = [flight.wait(undefined, ignore), flight.wait(undefined, ignore)];
    expect(flight.callers).toBe(2);
    flight.settleWith(Promise.resolve(LOADED));
    expect(await Promise.all(waits)).toEqual([LOADED, LOADED]);
    expect(flight.callers).toBe(0);
  });

  it('ends the wait of the caller whose signal aborts, with its reason, and nobody else’s', async () => {
    const flight = flightOf('k');
    const leaving = new AbortController();
    const left = flight.wait(leaving.signal, ignore);
    const staying = flight.wait(undefined, ignore);
    leaving.abort(new Error('mine'));
    await expect(left).rejects.toThrow('mine');
    expect(flight.signal.aborted).toBe(false);
    flight.settleWith(Promise.resolve(LOADED));
    expect(await staying).toBe(LOADED);
  });

  it('is aborted with the reason of the last caller who leaves', async () => {
    const flight = flightOf('k');
    const controllers = [new AbortController(), new AbortController()];
    let unjoined = 0;
    const waits = controllers.map(({ signal }) => flight.wait(signal, () => unjoined++));
    controllers[0].abort('first');
    await expect(waits[0]).rejects.toBe('first');
    expect([flight.signal.aborted, unjoined]).toEqual([false, 0]);
    controllers[1].abort('last');
    await expect(waits[1]).rejects.toBe('last');
    expect([flight.signal.reason, unjoined]).toEqual(['last', 1]);
  });

  it('goes on without callers where it renews a value behind', async () => {
    const flight = flightOf('k', { background: true });
    const controller = new AbortController();
    const wait = flight.wait(controller.signal, ignore);
    controller.abort('gone');
    await expect(wait).rejects.toBe('gone');
    expect(flight.signal.aborted).toBe(false);
  });

  it('does not count a caller whose signal was aborted before', async () => {
    const flight = flightOf('k');
    await expect(flight.wait(AbortSignal.abort('before'), ignore)).rejects.toBe('before');
    expect([flight.callers, flight.signal.aborted]).toEqual([0, false]);
  });

  it.each<[string, () => Promise<Loaded>]>([
    ['answers', () => Promise.resolve(LOADED)],
    ['fails', () => Promise.reject(new Error('down'))],
  ])('leaves no listener on the signal of a caller when it %s', async (_what, end) => {
    const flight = flightOf('k');
    const { signal } = new AbortController();
    const wait = flight.wait(signal, ignore);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    flight.settleWith(end());
    await wait.catch(ignore);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  it('tells who waits when it is given up, and keeps what comes later from them', async () => {
    const flight = flightOf('k');
    const wait = flight.wait(undefined, ignore);
    flight.giveUp(new Error('too slow'));
    flight.settleWith(Promise.resolve(LOADED));
    await expect(wait).rejects.toThrow('too slow');
    expect(flight.ended).toBe(true);
  });
});

describe('Flight: loads inside of loads', () => {
  it('knows the load that asks for it, as long as that one runs', async () => {
    const outer = flightOf('outer');
    await outer.run(async () => {
      expect(Flight.current()).toBe(outer);
      expect(flightOf('inner').parent).toBe(outer);
      expect(flightOf('behind', { background: true }).parent).toBeUndefined();
      outer.ended = true;
      expect(Flight.current()).toBeUndefined();
    });
    expect(Flight.current()).toBeUndefined();
  });

  it('refuses the wait of a load that it waits for itself', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((key) => flightOf(key));
    const waits = [a.run(() => b.wait(undefined, ignore)), b.run(() => c.wait(undefined, ignore))];
    expect(a.leadsTo(c)).toBe(true);
    await expect(c.run(() => a.wait(undefined, ignore))).rejects.toThrow(RecursiveLoadError);
    for (const flight of [b, c]) flight.settleWith(Promise.resolve(LOADED));
    await Promise.all(waits);
    expect(a.leadsTo(c)).toBe(false);
  });

  it('is let through where another load waits for it, and not where a caller does', async () => {
    const [holder, queued] = [flightOf('holder'), flightOf('queued')];
    let letThrough = 0;
    queued.letThrough = () => letThrough++;
    const caller = queued.wait(undefined, ignore);
    expect(letThrough).toBe(0);
    const other = holder.run(() => queued.wait(undefined, ignore));
    expect(letThrough).toBe(1);
    queued.settleWith(Promise.resolve(LOADED));
    await Promise.all([caller, other]);
  });

  it('is known for as long as it runs, whatever others end meanwhile', async () => {
    const long = flightOf('long');
    let go = (): void => undefined;
    const running = long.run(async () => {
      await new Promise<void>((resolve) => (go = resolve));
      return Flight.current();
    });
    await flightOf('short').run(async () => undefined);
    go();
    expect(await running).toBe(long);
    expect(Flight.current()).toBeUndefined();
  });

  it('tells the same key of another cache, and another key of the same, from itself', async () => {
    const outer = flightOf('k');
    await outer.run(async () => {
      const inner = flightOf('inner');
      await inner.run(async () => {
        expect(() => assertNotRecursive(OWNER, 'k')).toThrow(RecursiveLoadError);
        expect(() => assertNotRecursive({}, 'k')).not.toThrow();
        expect(() => assertNotRecursive(OWNER, 'other')).not.toThrow();
      });
    });
  });
});
