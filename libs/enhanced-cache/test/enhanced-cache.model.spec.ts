import fc from 'fast-check';
import { EnhancedCache } from '../src/engine/enhanced-cache.js';
import type { EvictionPolicy, SlotTraits } from '../src/engine/eviction/eviction-policy.js';
import type { EvictionPolicyName } from '../src/engine/options/enums.js';
import { FakeClock } from '../src/engine/ports/fake-clock.js';
import { HybridPolicy } from '../src/engine/eviction/hybrid.policy.js';
import { generationBytes } from '../src/engine/tags/tag-generations.js';
import { NaiveCache } from './support/naive-cache.js';
import { NaiveLfu, NaiveLru, NaiveSize, NaiveTtl } from './support/naive-policies.js';
import { SlottedPolicy } from './support/slotted-policy.js';

const RUNS = 100;
const OPERATIONS_A_RUN = 2000;
const KEYS = 24;
const TAGS = ['red', 'green', 'blue'];
const SIZES = [1, 10, 100, 700, 3000];
const COSTS = [0, 0.001, 0.5, 1, 1, 60];
const PRIORITIES = [-100, -1, 0, 0, 0, 1, 100];
/** Lifetimes in whole seconds, as time moves: then a sweep comes exactly when something is due. */
const LIFETIMES_S = [1, 2, 5, 30, null, null];

/** What to do (0 to 99), to which key, and numbers that decide the details. */
type Operation = readonly [what: number, key: number, how: number, more: number];

/**
 * The whole cache against {@link NaiveCache}: after every operation the answer, the entries held and the counters are
 * the same, and everything that the cache keeps count of equals what is added up again from its entries.
 */
class Pair {
  readonly clock = new FakeClock();
  readonly cache: EnhancedCache;
  readonly naive: NaiveCache;
  #sizeBytes = 0;

  constructor(
    evictionPolicy: EvictionPolicyName,
    naivePolicy: (traits: SlotTraits) => EvictionPolicy,
    maxSize: number,
  ) {
    const maxMemoryMb = 0.01;
    this.cache = new EnhancedCache({
      clock: this.clock,
      evictionPolicy,
      maxSize,
      maxMemoryMb,
      maxValueMb: maxMemoryMb,
      compressionLevel: 0,
      defaultTtl: null,
    });
    // What an entry and the tags' names weigh is the cache's own account; that it is right is checked elsewhere.
    this.cache.on('set', ({ sizeBytes }) => (this.#sizeBytes = sizeBytes));
    this.naive = new NaiveCache(naivePolicy, maxSize, maxMemoryMb * 1024 * 1024);
    this.naive.tagBytes = () => {
      const names = new Set([...this.naive.entries.values()].flatMap(({ tags }) => tags));
      return [...names].reduce((bytes, name) => bytes + generationBytes({ tag: name }), 0);
    };
  }

  async perform([what, keyNumber, how, more]: Operation): Promise<void> {
    const key = `key-${keyNumber}`;
    if (what < 40) await this.#set(key, how, more);
    else if (what < 72) this.#same(await this.cache.get(key), this.naive.get(key));
    else if (what < 78) await this.#getOrSet(key, how);
    else if (what < 83) this.#same(await this.cache.delete(key), this.naive.delete(key));
    else if (what < 87) await this.#deleteByTags(how, more);
    else if (what < 91) await this.#touch(key, how);
    else if (what < 98) this.#advance(1000 * (1 + (more & 3)));
    else if (how < 16) this.#same(await this.cache.clear(), this.naive.clear());
    else await this.#resize(1 + (how % KEYS));
  }

  async #set(key: string, how: number, more: number): Promise<void> {
    const value = 'x'.repeat(SIZES[how % SIZES.length]) + key;
    const ttl = LIFETIMES_S[more % LIFETIMES_S.length];
    const priority = PRIORITIES[(how >> 3) % PRIORITIES.length];
    const cost = COSTS[(how >> 1) % COSTS.length];
    const tags = TAGS.filter((_, i) => (more >> i) & 1);
    this.#sizeBytes = 0;
    await this.cache.set(key, value, { ttl, tags, priority, cost }).catch(() => undefined);
    if (this.#sizeBytes === 0) throw new Error('every value of this test fits');
    const expiresAt = ttl === null ? Infinity : this.naive.now + ttl * 1000;
    this.naive.set(key, value, { weight: this.#sizeBytes, cost, priority, expiresAt, tags });
  }

  async #getOrSet(key: string, how: number): Promise<void> {
    const value = `loaded ${how}`;
    const got = await this.cache.getOrSet(key, () => value, { cost: 1 });
    const known = this.naive.get(key);
    if (known === undefined) {
      this.naive.set(key, value, { weight: this.#sizeBytes, cost: 1, priority: 0, expiresAt: Infinity, tags: [] });
    }
    this.#same(got, known ?? value);
  }

  async #deleteByTags(how: number, more: number): Promise<void> {
    const tags = TAGS.filter((_, i) => (how >> i) & 1);
    if (tags.length === 0) return;
    const match = more & 1 ? 'any' : 'all';
    this.#same(await this.cache.deleteByTags(tags, { match }), this.naive.deleteByTags(tags, match));
  }

  async #touch(key: string, how: number): Promise<void> {
    const ttl = LIFETIMES_S[how % LIFETIMES_S.length];
    const expiresAt = ttl === null ? Infinity : this.naive.now + ttl * 1000;
    this.#same(await this.cache.touch(key, ttl), this.naive.touch(key, expiresAt));
  }

  #advance(ms: number): void {
    this.clock.advance(ms);
    this.naive.advance(ms);
  }

  async #resize(maxSize: number): Promise<void> {
    await this.cache.configure({ maxSize });
    this.naive.maxEntries = maxSize;
    this.naive.evict();
  }

  async compare(): Promise<void> {
    const { hits, misses, sets, deletes, evictions, expirations, entryCount } = this.cache.getStats();
    this.#same({ hits, misses, sets, deletes, evictions, expirations }, this.naive.counts);
    this.#same(entryCount, this.naive.entries.size);
    for (const [key, entry] of this.naive.entries) {
      if (!(await this.cache.has(key))) throw new Error(`${key} is not there`);
      const seconds = entry.expiresAt === Infinity ? null : (entry.expiresAt - this.naive.now) / 1000;
      this.#same(await this.cache.ttl(key), seconds);
    }
    this.#same(this.cache.verifyAccounting(), []);
    if (this.cache.getMemoryUsage().memoryUsageBytes !== this.naive.bytes) throw new Error('bytes differ');
  }

  /** `expect` in a loop of this length costs more than all that it compares. */
  #same(actual: unknown, expected: unknown): void {
    if (actual === expected) return;
    if (JSON.stringify(actual) !== JSON.stringify(expected)) {
      throw new Error(`got ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
    }
  }
}

describe.each([
  ['lru', (traits: SlotTraits) => new NaiveLru(traits)],
  ['lfu', (traits: SlotTraits) => new NaiveLfu(traits)],
  ['ttl', (traits: SlotTraits) => new NaiveTtl(traits)],
  ['size', (traits: SlotTraits) => new NaiveSize(traits)],
  ['hybrid', (traits: SlotTraits) => new SlottedPolicy((slots) => new HybridPolicy(slots), traits)],
] as const)('EnhancedCache with %s', (name, naivePolicy) => {
  it(`equals a naive model over ${RUNS * OPERATIONS_A_RUN} operations, with its accounting re-derived after each`, async () => {
    const operation = fc.tuple(fc.nat(99), fc.nat(KEYS - 1), fc.nat(255), fc.nat(255));
    const operations = fc.array(operation, { minLength: OPERATIONS_A_RUN, maxLength: OPERATIONS_A_RUN, size: 'max' });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: KEYS }), operations, async (maxSize, steps) => {
        const pair = new Pair(name, naivePolicy, maxSize);
        for (const [i, step] of steps.entries()) {
          try {
            await pair.perform(step);
            await pair.compare();
          } catch (error) {
            throw new Error(`operation ${i} [${step.join(', ')}]`, { cause: error });
          }
        }
        await pair.cache.close();
      }),
      { seed: 20_261_122, numRuns: RUNS, endOnFailure: true },
    );
  }, 120_000);
});
