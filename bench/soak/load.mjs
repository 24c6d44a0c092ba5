import { payload } from '../support/payloads.mjs';
import { randomFrom } from '../support/random.mjs';

const MIN_BYTES = 100;
const MAX_BYTES = 1024 * 1024;
const MEDIAN_BYTES = 1500;
/** Of the logarithm: one value of a thousand is 200 times the median. */
const SPREAD = 1.7;
const KEYS = 40_000;
const TAGS = 200;

/** What is done how often, in relation to each other. */
const SHARES = {
  get: 3900,
  set: 2400,
  getOrSet: 1500,
  mget: 500,
  ttl: 400,
  touch: 400,
  delete: 500,
  getEntry: 200,
  listEntries: 50,
  deleteByTags: 8,
  deleteByTagsAll: 4,
  expireTags: 4,
  listen: 20,
  getStats: 6,
  export: 1,
  configure: 2,
};
/** After so many operations of a client it clears the cache. */
const CLEAR_EVERY = 20_000;
const DECK = Object.entries(SHARES).flatMap(([name, share]) => Array(share).fill(name));

/** An endless mix of everything that a cache can be asked, the same for the same seed. */
export class MixedLoad {
  #cache;
  #values;
  #random;
  counts = Object.fromEntries([...Object.keys(SHARES), 'clear'].map((name) => [name, 0]));
  #steps = 0;
  /** Loads that were made to fail, and did. */
  failedLoads = 0;

  constructor(cache, values, seed) {
    this.#cache = cache;
    this.#values = values;
    this.#random = randomFrom(seed);
  }

  /** One operation. */
  async step() {
    const name = ++this.#steps % CLEAR_EVERY === 0 ? 'clear' : DECK[Math.floor(this.#random() * DECK.length)];
    this.counts[name]++;
    await this.#operations[name]();
  }

  #operations = {
    get: () => this.#cache.get(this.#key()),
    set: () => this.#cache.set(this.#key(), this.#value(), this.#options()),
    getOrSet: () => this.#load(),
    mget: () => this.#cache.mget([this.#key(), this.#key(), this.#key()]),
    ttl: () => this.#cache.ttl(this.#key()),
    touch: () => this.#cache.touch(this.#key(), this.#lifetime()),
    delete: () => this.#cache.delete(this.#key()),
    getEntry: () => this.#cache.getEntry(this.#key()),
    listEntries: () => this.#cache.listEntries({ tag: this.#tag(), limit: 10 }),
    deleteByTags: () => this.#cache.deleteByTags([this.#tag(), this.#tag()]),
    deleteByTagsAll: () => this.#cache.deleteByTags([this.#tag(), 'all'], { match: 'all' }),
    expireTags: () => this.#cache.expireTags([this.#tag()]),
    listen: () => this.#cache.on('evict', () => undefined)(),
    getStats: () => this.#cache.getStats(),
    export: () => this.#export(),
    configure: () => this.#cache.configure({ maxSize: 10_000 + Math.floor(this.#random() * 10_000) }),
    clear: () => this.#cache.clear(),
  };

  async #load() {
    const fails = this.#random() < 0.05;
    const delayMs = this.#random() * 5;
    const value = this.#value();
    const load = async () => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (fails) throw new Error('this load fails');
      return value;
    };
    try {
      await this.#cache.getOrSet(this.#key(), load, { ...this.#options(), staleWhileRevalidate: 30, hardTimeout: 10 });
    } catch {
      this.failedLoads++;
    }
  }

  async #export() {
    const stream = await this.#cache.exportCacheData({ values: true, format: 'ndjson' });
    for await (const _chunk of stream) if (this.#random() < 0.001) break;
  }

  #options() {
    const tags = [...new Set([this.#tag(), this.#tag(), 'all'])];
    const metadata = this.#random() < 0.1 ? { source: 'soak' } : undefined;
    return { ttl: this.#lifetime(), tags, metadata, priority: Math.floor(this.#random() * 3), cost: this.#random() };
  }

  /** Some keys are asked for far more often than others. */
  #key() {
    return `soak:${Math.floor(KEYS * this.#random() ** 3)}`;
  }

  #tag() {
    return `tag:${Math.floor(TAGS * this.#random())}`;
  }

  #lifetime() {
    return this.#random() < 0.1 ? null : 0.05 + this.#random() * 60;
  }

  #value() {
    return this.#values[Math.floor(this.#random() * this.#values.length)];
  }
}

/** Values of random sizes, made beforehand: to make one takes longer than to store it. */
export function randomValues(count, seed) {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const bytes = Math.round(Math.min(Math.max(MEDIAN_BYTES * Math.exp(SPREAD * normal), MIN_BYTES), MAX_BYTES));
    switch (i % 10) {
      case 0:
        return Buffer.from(Array.from({ length: bytes }, () => Math.floor(random() * 256)));
      case 1:
        return `${i} text `.repeat(bytes / 10);
      case 2:
        return new Map([
          ['at', new Date(i)],
          ['body', payload(bytes, i)],
        ]);
      default:
        return payload(bytes, i);
    }
  });
}
