import { SharedCalls } from './shared-calls.js';

describe('SharedCalls', () => {
  it('gives one call to all who ask meanwhile, and another to who asks later', async () => {
    const calls = new SharedCalls();
    let runs = 0;
    const call = async () => ++runs;
    expect(await Promise.all([calls.run('a', call), calls.run('a', call), calls.run('b', call)])).toEqual([1, 1, 2]);
    expect(await calls.run('a', call)).toBe(3);
  });

  it('lets a failure reach all who wait, and nobody after them', async () => {
    const calls = new SharedCalls();
    const fail = (): Promise<number> => Promise.reject(undefined as unknown as Error);
    const outcomes = await Promise.allSettled([calls.run('a', fail), calls.run('a', fail)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await calls.run('a', async () => 1)).toBe(1);
  });
});
