import fc from 'fast-check';
import { ENHANCED_CACHE_VARIANTS, enhancedCache, RacedEnhancedCache } from './enhanced-cache.contestant.js';
import { playSchedule } from './play-schedule.js';
import type { Operation, Program } from './program.js';
import type { Contestant, Load, RacedCache, Versioned } from './raced-cache.js';
import { runSchedules } from './run-schedules.js';

/** No cache at all: every read is a load. Its verbs are replaced one by one below. */
class PlainSource implements RacedCache {
  getOrSet = (_key: string, load: Load): Promise<Versioned | undefined> => load();
  get = async (_key: string): Promise<Versioned | undefined> => undefined;
  delete = async (_key: string): Promise<unknown> => false;
  close = async () => undefined;
}

const program: Program = { variant: 0, operations: [], pauses: [0] };
const getOrSetA: Operation = {
  verb: 'getOrSet',
  key: 'a',
  tags: [],
  match: 'any',
  manner: 'plain',
  fails: false,
  ms: 0,
};

async function faultsOf(verbs: Partial<RacedCache>, operations: readonly Operation[]): Promise<string[]> {
  const contestant: Contestant = {
    name: 'a cache with a fault',
    manners: ['plain'],
    create: () => Object.assign(new PlainSource(), verbs),
  };
  const [scheduler] = fc.sample(fc.scheduler(), { numRuns: 1, seed: 1 });
  const violations = await playSchedule(contestant, { ...program, operations }, scheduler);
  return [...new Set(violations.map(({ fault }) => fault))];
}

describe('playSchedule', () => {
  it('finds nothing wrong with no cache at all', async () => {
    expect(await faultsOf({}, [getOrSetA, { ...getOrSetA, verb: 'delete' }])).toEqual([]);
  });

  it.each<[string, Partial<RacedCache>]>([
    ['hung', { getOrSet: () => new Promise(() => undefined) }],
    ['refused', { getOrSet: () => Promise.reject(new Error('not now')) }],
    ['missing', { getOrSet: async () => undefined }],
    ['foreign', { getOrSet: async () => ({ key: 'z', version: 1 }) }],
    ['invented', { getOrSet: async (key) => ({ key, version: 99 }) }],
    ['unsound', { audit: () => ['1 byte too many'] }],
  ])('finds out what is %s', async (fault, verbs) => {
    expect(await faultsOf(verbs, [getOrSetA])).toEqual([fault]);
  });

  it('finds out what is stale', async () => {
    const get = async (key: string) => ({ key, version: 1 });
    expect(await faultsOf({ get }, [{ ...getOrSetA, verb: 'delete' }])).toEqual(['stale']);
  });

  it('takes it that a load fails where it is told to', async () => {
    expect(await faultsOf({}, [{ ...getOrSetA, fails: true }])).toEqual([]);
  });

  it('is the same for the same seed', async () => {
    const schedules = 200;
    const run = async (seed: number): Promise<unknown> => {
      const orders: string[] = [];
      const listening: Contestant = {
        ...enhancedCache,
        create(variant) {
          const cache = enhancedCache.create(variant) as RacedEnhancedCache;
          cache.cache.on('load', ({ key, stored }) => orders.push(`${key} ${stored}`));
          return cache;
        },
      };
      await runSchedules(listening, ENHANCED_CACHE_VARIANTS, { schedules, seed });
      return orders;
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });
});

describe('RacedEnhancedCache', () => {
  it.each(['warmUp', 'import'] as const)('brings values with their tags in by %s', async (verb) => {
    const raced = new RacedEnhancedCache({ maxSize: 10, maxConcurrentLoads: null });
    async function* entries() {
      yield { key: 'a', version: 3 };
    }
    await raced[verb](entries(), () => ['red']);
    expect(await raced.get('a')).toEqual({ key: 'a', version: 3 });
    await raced.deleteByTags(['red'], 'any');
    expect(await raced.get('a')).toBeUndefined();
    await raced.close();
  });
});
