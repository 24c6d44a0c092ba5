import { SharedResults } from './shared-results.js';

describe('SharedResults', () => {
  it('gives an unstored result to all who wait under the key, and forgets it with the last of them', async () => {
    const shared = new SharedResults();
    let finish!: () => void;
    const load = new Promise<void>((resolve) => (finish = resolve));
    const leader = shared.during('k', async (keep, begin) => {
      begin();
      await load;
      return keep('unstored');
    });
    const waiter = shared.during('k', async () => load.then(() => undefined));
    finish();
    expect(await Promise.all([leader, waiter])).toEqual(['unstored', 'unstored']);
    expect(await shared.during('k', async () => undefined)).toBeUndefined();
  });

  it('prefers what the cache returned', async () => {
    expect(await new SharedResults().during('k', async () => 'stored')).toBe('stored');
  });

  it('does not end a later load with what an earlier one left', async () => {
    const shared = new SharedResults();
    let finish!: () => void;
    const held = shared.during('k', () => new Promise((resolve) => (finish = () => resolve('held'))));
    await shared.during('k', async (keep) => keep('old'));
    const later = await shared.during('k', async (_keep, begin) => {
      begin();
      return undefined;
    });
    expect(later).toBeUndefined();
    finish();
    await held;
  });

  it('lets go of a flight that failed', async () => {
    const shared = new SharedResults();
    const failing = shared.during('k', async (keep) => {
      keep('left behind');
      throw new Error('failed');
    });
    await expect(failing).rejects.toThrow('failed');
    expect(await shared.during('k', async () => undefined)).toBeUndefined();
  });
});
