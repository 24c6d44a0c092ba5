import {
  concatWith,
  EMPTY,
  from,
  ignoreElements,
  lastValueFrom,
  NEVER,
  type Observable,
  of,
  startWith,
  throwError,
  timer,
  toArray,
} from 'rxjs';
import { firstValue } from './first-value.js';

describe('firstValue', () => {
  it('does not wait for the end of a stream', async () => {
    expect((await firstValue(NEVER.pipe(startWith(1)))).value).toBe(1);
  });

  it('keeps the whole stream', async () => {
    const { value, all } = await firstValue(of(1, 2, 3));
    expect([value, await lastValueFrom(all.pipe(toArray()))]).toEqual([1, [1, 2, 3]]);
  });

  it('knows whether it is the only one', async () => {
    const ended = [of(1), EMPTY, from(Promise.resolve(1))];
    const goingOn = [of(1, 2), NEVER.pipe(startWith(1)), of(1).pipe(concatWith(timer(1).pipe(ignoreElements())))];
    const areOnly = (streams: Observable<unknown>[]) =>
      Promise.all(streams.map(async (stream) => (await firstValue(stream)).isOnly));
    expect([await areOnly(ended), await areOnly(goingOn)]).toEqual([
      [true, true, true],
      [false, false, false],
    ]);
  });

  it('is undefined for an empty stream, and fails with a failing one', async () => {
    expect((await firstValue(EMPTY)).value).toBeUndefined();
    await expect(firstValue(throwError(() => new Error('failed')))).rejects.toThrow('failed');
  });
});
