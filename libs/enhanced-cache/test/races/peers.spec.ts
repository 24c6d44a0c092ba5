import { asyncCacheDedupe } from './peers/async-cache-dedupe.contestant.js';
import { bentocache } from './peers/bentocache.contestant.js';
import { cacheManager } from './peers/cache-manager.contestant.js';
import { cacheable } from './peers/cacheable.contestant.js';
import { cachifiedMap } from './peers/cachified.contestant.js';
import { lruCache } from './peers/lru-cache.contestant.js';
import { lineOf, runSchedules } from './run-schedules.js';

const SCHEDULES = Number(process.env.RACES_PEERS ?? 500);
const SEED = Number(process.env.SEED ?? 20_261_122);
const TIMEOUT_MS = SCHEDULES * 20 + 60_000;

/** What the harness must be able to see: caches that are known to store what an invalidation has overtaken. */
describe('the same schedules played on other caches', () => {
  it.each([cacheable, cacheManager, bentocache, cachifiedMap, asyncCacheDedupe])(
    'show stale reads of $name',
    async (contestant) => {
      const shrinks = ({ fault }: { fault: string }) => fault === 'stale';
      const report = await runSchedules(contestant, 1, { schedules: SCHEDULES, seed: SEED, shrinks });
      process.stdout.write(`${lineOf(report)}\n`);
      expect(report.faults.stale).toBeGreaterThan(0);
      expect(report.smallest).toMatch(/stale: [abc] answered with version/);
    },
    TIMEOUT_MS,
  );

  it(
    'show that lru-cache serves nothing stale, at the price of turning callers away',
    async () => {
      const shrinks = ({ fault }: { fault: string }) => fault === 'refused';
      const report = await runSchedules(lruCache, 1, { schedules: SCHEDULES, seed: SEED, shrinks });
      process.stdout.write(`${lineOf(report)}\n`);
      expect(report.faults.stale).toBeUndefined();
      expect(report.faults.refused).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});
