import { RacedEnhancedCache } from '../enhanced-cache.contestant.js';
import type { Load, RacedCache, Versioned } from '../raced-cache.js';
import { Workload } from './workload.js';

const OPERATIONS = Number(process.env.HISTORY ?? 500_000);
const SEED = Number(process.env.SEED ?? 20_261_122);
/** Fewer entries than keys, so that some are always evicted. */
const LIMITS = { maxSize: 12, maxConcurrentLoads: null };

/** Does not hear one delete in two hundred. */
class ForgetfulCache extends RacedEnhancedCache {
  #deletes = 0;

  override delete = async (key: string): Promise<boolean> =>
    ++this.#deletes % 200 === 0 ? false : this.cache.delete(key);
}

/** What most would write first: nothing stands between a load and the Map. */
class UnfencedCache implements RacedCache {
  readonly #values = new Map<string, Versioned>();

  async getOrSet(key: string, load: Load): Promise<Versioned> {
    const known = this.#values.get(key);
    if (known) return known;
    const value = await load();
    this.#values.set(key, value);
    return value;
  }

  get = async (key: string) => this.#values.get(key);
  set = async (key: string, value: Versioned) => this.#values.set(key, value);
  delete = async (key: string) => this.#values.delete(key);
  deleteByTags = async () => this.#values.clear();
  clear = async () => this.#values.clear();
  close = async () => undefined;
}

describe('the history of a cache under load', () => {
  it(
    `holds no impossible read in ${OPERATIONS} operations, and every figure adds up`,
    async () => {
      const raced = new RacedEnhancedCache(LIMITS);
      const { operations, hits, impossible, findings, drift } = await new Workload(raced, SEED).run(OPERATIONS);
      const { evictions, expirations, fencedLoads, joinedLoads } = raced.cache.getStats();
      await raced.close();
      process.stdout.write(
        `history: seed ${SEED}, operations ${operations}, reads with a value ${hits}, impossible ${impossible}, ` +
          `evictions ${evictions}, expirations ${expirations}, fenced loads ${fencedLoads}, joined loads ${joinedLoads}\n`,
      );
      expect(findings).toEqual([]);
      expect(impossible).toBe(0);
      expect(drift).toEqual([]);
      // What the run is about did happen.
      expect(Math.min(evictions, expirations, fencedLoads, joinedLoads)).toBeGreaterThan(0);
    },
    OPERATIONS * 0.2 + 60_000,
  );

  it('gives a cache away that does not hear one delete in two hundred', async () => {
    const forgetful = new ForgetfulCache(LIMITS);
    const { impossible, findings } = await new Workload(forgetful, SEED).run(200_000);
    await forgetful.close();
    expect(impossible).toBeGreaterThan(0);
    expect(findings[0]).toMatch(/returned version \d+, but the write of \d+ had ended/);
  }, 120_000);

  it('gives a cache away that stores what an invalidation has overtaken', async () => {
    const { impossible } = await new Workload(new UnfencedCache(), SEED).run(5000);
    expect(impossible).toBeGreaterThan(0);
  });

  it('is the same for the same seed', async () => {
    const reports = await Promise.all([1, 1, 2].map((seed) => new Workload(new UnfencedCache(), seed).run(5000)));
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]).not.toEqual(reports[2]);
  });
});
