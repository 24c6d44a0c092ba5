import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { EnhancedCache } from '../engine/enhanced-cache.js';
import { InvalidValueError } from '../engine/errors.js';
import { readThroughOnce } from './read-through-once.js';

const failing = (getOrSet: (key: string, load: () => unknown) => Promise<unknown>): EnhancedCache =>
  ({ getOrSet }) as unknown as EnhancedCache;

describe('readThroughOnce', () => {
  let warn: ReturnType<typeof jest.spyOn>;
  beforeEach(() => void (warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined)));
  afterEach(() => void warn.mockRestore());

  it('loads once and then reads', async () => {
    const cache = new EnhancedCache();
    let runs = 0;
    for (let i = 0; i < 3; i++) expect(await readThroughOnce(cache, 'k', async () => ++runs, {}, 'A.a')).toBe(1);
    await cache.close();
  });

  it('runs the load once where the cache fails before it', async () => {
    const cache = failing(() => Promise.reject(new Error('broken before')));
    let runs = 0;
    expect(await readThroughOnce(cache, 'k', () => ++runs, {}, 'A.before')).toBe(1);
    expect(warn).toHaveBeenCalledWith('A.before runs without its cache: broken before');
  });

  it('returns what the load brought where the cache fails after it', async () => {
    const cache = failing(async (_key, load) => {
      await load();
      throw new Error('broken after');
    });
    let runs = 0;
    expect(await readThroughOnce(cache, 'k', () => ++runs, {}, 'A.after')).toBe(1);
    expect(runs).toBe(1);
  });

  it('says once what is wrong', async () => {
    const cache = failing(() => Promise.reject(new Error('said once')));
    for (let i = 0; i < 3; i++) await readThroughOnce(cache, 'k', () => i, {}, 'A.once');
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it.each([[new Error('own')], [new InvalidValueError('value', 'of the load itself')], ['a text']])(
    'passes on what the load throws, unchanged: %p',
    async (error) => {
      const cache = new EnhancedCache();
      const load = (): Promise<never> => Promise.reject(error);
      await expect(readThroughOnce(cache, 'k', load, {}, 'A.throws')).rejects.toBe(error);
      await cache.close();
    },
  );

  it('gives a failed load to those who wait for it without another run', async () => {
    const cache = new EnhancedCache();
    let runs = 0;
    const load = async (): Promise<never> => {
      runs++;
      await new Promise((resolve) => setImmediate(resolve));
      throw new InvalidValueError('value', 'of the load itself');
    };
    const all = await Promise.allSettled([1, 2, 3].map(() => readThroughOnce(cache, 'k', load, {}, 'A.waits')));
    expect([all.map(({ status }) => status), runs]).toEqual([['rejected', 'rejected', 'rejected'], 1]);
    await cache.close();
  });

  it('runs a load through that asks for its own key, instead of waiting for itself', async () => {
    const cache = new EnhancedCache();
    const inner = (): Promise<string> => readThroughOnce(cache, 'k', async () => 'inner', {}, 'A.inner');
    expect(await readThroughOnce(cache, 'k', inner, {}, 'A.outer')).toBe('inner');
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining('A.inner asks for the key "k" while that is being loaded'),
    );
    await cache.close();
  });

  it('does not take work that outlives a load for a part of it', async () => {
    const cache = new EnhancedCache();
    let background: (() => Promise<unknown>) | undefined;
    const { AsyncResource } = await import('node:async_hooks');
    await readThroughOnce(
      cache,
      'k',
      async () => void (background = AsyncResource.bind(readAgain)),
      {},
      'A.background',
    );
    async function readAgain(): Promise<unknown> {
      return readThroughOnce(cache, 'k', async () => 'loaded', {}, 'A.again');
    }
    expect(await background?.()).toBe('loaded');
    expect(await cache.get('k')).toBe('loaded');
    await cache.close();
  });
});
