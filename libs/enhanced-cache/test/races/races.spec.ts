import type { CacheStats } from '../../src/engine/reports.js';
import { ENHANCED_CACHE_VARIANTS, enhancedCacheCounted } from './enhanced-cache.contestant.js';
import { lineOf, runSchedules } from './run-schedules.js';

const SCHEDULES = Number(process.env.RACES ?? 20_000);
const SEED = Number(process.env.SEED ?? 20_261_122);

describe('loads and invalidations in any order', () => {
  it(
    `never give an answer that is older than an invalidation, in ${SCHEDULES} schedules`,
    async () => {
      const totals: Partial<Record<keyof CacheStats, number>> = {};
      const contestant = enhancedCacheCounted(totals);
      const report = await runSchedules(contestant, ENHANCED_CACHE_VARIANTS, { schedules: SCHEDULES, seed: SEED });
      process.stdout.write(`${lineOf(report)}\n`);
      expect(report.smallest).toBeUndefined();
      expect(report.faults).toEqual({});
      // A run in which nothing met would prove nothing.
      const { fencedLoads, joinedLoads, backgroundLoads, staleHits, queuedLoads, evictions, expirations } = totals;
      const met = { fencedLoads, joinedLoads, backgroundLoads, staleHits, queuedLoads, evictions, expirations };
      const { loadTimeouts, lateLoads, loadFailures } = totals;
      for (const [name, count] of Object.entries({ ...met, loadTimeouts, lateLoads, loadFailures })) {
        expect([name, (count ?? 0) > SCHEDULES / 1000]).toEqual([name, true]);
      }
    },
    SCHEDULES * 20 + 60_000,
  );
});
