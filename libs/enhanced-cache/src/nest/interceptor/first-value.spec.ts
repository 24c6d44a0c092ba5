import { EMPTY, lastValueFrom, NEVER, of, startWith, throwError, toArray } from 'rxjs';
import { firstValue } from './first-value.js';

describe('firstValue', () => {
  it('does not wait for the end of a stream', async () => {
    expect((await firstValue(NEVER.pipe(startWith(1)))).value).toBe(1);
  });

  it('keeps the whole stream', async () => {
    const { value, all } = await firstValue(of(1, 2, 3));
    expect([value, await lastValueFrom(all.pipe(toArray()))]).toEqual([1, [1, 2, 3]]);
  });

  it('is undefined for an empty stream, and fails with a failing one', async () => {
    expect((await firstValue(EMPTY)).value).toBeUndefined();
    await expect(firstValue(throwError(() => new Error('failed')))).rejects.toThrow('failed');
  });
});
