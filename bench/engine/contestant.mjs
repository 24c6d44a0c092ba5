/** One cache in its process: makes the operations that the arena times. */
import { candidates } from './candidates.mjs';
import { operationNamed, TAG_INVALIDATION, TAGS } from './operations.mjs';
import { readyKeys, roundTrip, valueMaker, zipfSequence } from './workload.mjs';

const KEY_PREFIX = 'bench:order-list';
/** Bytes of JSON of the values that lie ready for a round: beyond that the processor's caches hold nothing else. */
const READY_BYTES = 2 ** 22;
/** Fewer, and what a round costs by itself would show. */
const LEAST_READY = 512;
/** A run of tags sets all entries anew, and an invalidation may take a hundred thousandth of that. */
const TAG_WARM_RUNS = 5;

/** @param {{ keys: number, bytes: number }} setting how many entries there are, and how large each is as JSON. */
export async function open(name, setting) {
  const candidate = candidates.find((other) => other.name === name);
  return new Contestant(candidate, setting);
}

class Contestant {
  #candidate;
  #count;
  #keys;
  #newValue;
  #mostValues;
  /** The cache that is open, if any. */
  #cache;
  /** Whether it holds all keys, none lost to what was timed before. */
  #isFilled = false;
  #zipf;

  constructor(candidate, { keys, bytes }) {
    this.#candidate = candidate;
    this.#count = keys;
    this.#keys = readyKeys(KEY_PREFIX, 0, keys);
    this.#newValue = valueMaker(bytes);
    this.#mostValues = Math.max(LEAST_READY, Math.floor(READY_BYTES / bytes));
  }

  async begin(name) {
    if (name === TAG_INVALIDATION) return this.#tagInvalidation();
    const { loop, verb, keys } = operationNamed(name);
    if (keys === 'new' && this.#candidate.isUnbounded) return undefined;
    // Writes of new keys leave others behind; they get a cache of their own, and come after all that reads.
    if (keys === 'new' || !this.#isFilled) await this.#fill();
    this.#isFilled = keys !== 'new';
    const verbs = this.#cache;
    if (!verbs[verb]) return undefined;
    const loops = await import(`./loops.mjs?of=${encodeURIComponent(name)}`);
    return loop.startsWith('read')
      ? this.#reading(loops[loop], verbs[verb], keys)
      : this.#writing(loops[loop], verbs[verb], keys);
  }

  #reading(loop, verb, kind) {
    const order = this.#zipfOrder();
    const keys = kind === 'absent' ? readyKeys('bench:absent', 0, this.#count) : this.#keys;
    const tally = { missed: 0 };
    let at = 0;
    const judge = (times) => {
      const expected = kind === 'absent' ? times : 0;
      if (tally.missed !== expected && !this.#candidate.isEmpty) {
        throw new Error(`${tally.missed} misses of ${times} reads, expected ${expected}`);
      }
      tally.missed = 0;
    };
    return {
      run: (times) => {
        const ended = loop(verb, keys, order, at, times, tally);
        if (!(ended instanceof Promise)) return void ((at = ended), judge(times));
        return ended.then((next) => void ((at = next), judge(times)));
      },
    };
  }

  #writing(loop, verb, kind) {
    const isNew = kind === 'new';
    const keys = isNew ? [...this.#keys, ...readyKeys(KEY_PREFIX, this.#count, 2 * this.#count)] : this.#keys;
    const order = isNew ? roundTrip(keys.length, this.#count) : this.#zipfOrder();
    let values = [];
    let at = 0;
    return {
      most: this.#mostValues,
      stage: (times) => {
        values = Array.from({ length: times }, this.#newValue);
        // Out of the young generation: there, what a write costs hangs on how full it happens to be.
        for (let i = 0; i < 2; i++) globalThis.gc({ type: 'minor' });
      },
      run: (_times) => {
        const ended = loop(verb, keys, order, at, values);
        if (!(ended instanceof Promise)) return void (at = ended);
        return ended.then((next) => void (at = next));
      },
    };
  }

  /** {@link TAGS} tags, each on as many entries; a round invalidates them all, one after the other. */
  async #tagInvalidation() {
    await this.#open();
    const verbs = this.#cache;
    if (!verbs.invalidateTag) return undefined;
    const tags = Array.from({ length: TAGS }, (_, i) => `tag:${i}`);
    return {
      most: TAGS,
      mostWarmRuns: TAG_WARM_RUNS,
      stage: async () => {
        for (let i = 0; i < this.#count; i++) await verbs.setTagged(this.#keys[i], this.#newValue(), tags[i % TAGS]);
      },
      run: async (times) => {
        for (let i = 0; i < times; i++) await verbs.invalidateTag(tags[i]);
      },
    };
  }

  #zipfOrder() {
    return (this.#zipf ??= zipfSequence(this.#count));
  }

  async #open() {
    await this.#cache?.close?.();
    this.#isFilled = false;
    this.#cache = await this.#candidate.open({ capacity: this.#count });
  }

  async #fill() {
    await this.#open();
    for (const key of this.#keys) await this.#cache.set(key, this.#newValue());
  }
}
