import type { RacedCache, Versioned } from '../raced-cache.js';
import { SeededRandom } from './seeded-random.js';
import { ValueHistory } from './value-history.js';

const KEYS = 200;
const TAGS = 10;
const WORKERS = 8;
/** Half of the operations are about so many of the keys, so that loads and invalidations meet. */
const HOT_KEYS = 8;
/** Operations between two turns of the event loop. */
const OPERATIONS_A_TURN = 1000;
/** So fast that lifetimes end between one clear and the next. */
const OPERATIONS_A_STEP = 10;
const MS_A_STEP = 3000;
const OPERATIONS_A_CHECK = 10_000;
/** The longest that a source takes to read, or to answer, in microtasks. */
const MAX_TICKS = 12;
const FINDINGS_KEPT = 5;

export interface HistoryReport {
  readonly operations: number;
  /** Reads that returned a value. */
  readonly hits: number;
  readonly impossible: number;
  /** The first few impossible reads. */
  readonly findings: readonly string[];
  /** What the cache counts wrongly. */
  readonly drift: readonly string[];
}

/**
 * Eight workers that read, set, delete, delete by tag and clear (80, 10, 5, 4 and 1 in a hundred), each as fast as it
 * can; every read is judged by a {@link ValueHistory}. The source answers a few microtasks after it was asked, so a
 * seed gives the same run each time.
 */
export class Workload {
  readonly #random: SeededRandom;
  readonly #history = new ValueHistory();
  readonly #versions = new Map<string, number>();
  readonly #names = Array.from({ length: KEYS }, (_, i) => `key-${i}`);
  readonly #tags = this.#names.map((_, i) => [`tag-${i % TAGS}`]);
  readonly #findings: string[] = [];
  readonly #drift: string[] = [];
  #turn: Promise<void> | undefined;
  #sequence = 0;
  #begun = 0;
  #hits = 0;
  #impossible = 0;

  constructor(
    private readonly cache: RacedCache,
    seed: number,
  ) {
    this.#random = new SeededRandom(seed);
    for (const key of this.#names) this.#write(key);
    for (const key of this.#names) this.#history.writeEnded(key, 1, ++this.#sequence);
  }

  async run(operations: number): Promise<HistoryReport> {
    await Promise.all(Array.from({ length: WORKERS }, () => this.#worker(operations)));
    this.#check();
    return {
      operations: this.#begun,
      hits: this.#hits,
      impossible: this.#impossible,
      findings: this.#findings,
      drift: this.#drift,
    };
  }

  async #worker(operations: number): Promise<void> {
    while (this.#begun < operations) {
      const number = ++this.#begun;
      if (number % OPERATIONS_A_STEP === 0) this.cache.advance?.(MS_A_STEP);
      if (number % OPERATIONS_A_TURN === 0) this.#turn = this.#nextTurn();
      // All workers wait for the same turn: each for one of its own would take turns in running alone.
      if (this.#turn) await this.#turn;
      if (number % OPERATIONS_A_CHECK === 0) this.#check();
      const at = this.#random.next(this.#random.next(2) === 0 ? HOT_KEYS : KEYS);
      const what = this.#random.next(100);
      if (what < 80) await this.#read(at);
      else if (what < 90) await this.#set(at);
      else if (what < 95) await this.#change([at], () => this.cache.delete(this.#names[at]));
      else if (what < 99) await this.#deleteTag(at % TAGS);
      else await this.#change([...this.#names.keys()], () => this.cache.clear?.());
    }
  }

  async #read(at: number): Promise<void> {
    const key = this.#names[at];
    const how = this.#random.next(5);
    const began = ++this.#sequence;
    const value = await this.#ask(at, how);
    if (value) this.#hits++;
    const isOther = value !== undefined && value.key !== key;
    const finding = isOther
      ? `${key}: a read returned the value of ${value.key}`
      : this.#history.read(key, value?.version, began, ++this.#sequence);
    if (finding === undefined) return;
    this.#impossible++;
    if (this.#findings.length < FINDINGS_KEPT) this.#findings.push(finding);
  }

  async #ask(at: number, how: number): Promise<Versioned | undefined> {
    const { cache } = this;
    const key = this.#names[at];
    if (how === 0) return cache.get(key);
    if (how === 1 && cache.getEntry) {
      const entry = await cache.getEntry(key);
      return entry && entry.key !== key ? { ...entry.value, key: entry.key } : entry?.value;
    }
    const manner = how === 2 ? 'stale-while-revalidate' : 'plain';
    return cache.getOrSet(key, () => this.#load(key), this.#tags[at], manner);
  }

  async #load(key: string): Promise<Versioned> {
    await this.#ticks();
    const version = this.#versions.get(key) as number;
    await this.#ticks();
    return { key, version };
  }

  async #set(at: number): Promise<void> {
    const value = this.#write(this.#names[at]);
    await this.cache.set?.(value.key, value, this.#tags[at]);
    this.#history.writeEnded(value.key, value.version, ++this.#sequence);
  }

  #deleteTag(tag: number): Promise<void> {
    const tagged = [...this.#names.keys()].filter((at) => at % TAGS === tag);
    return this.#change(tagged, () => this.cache.deleteByTags?.([`tag-${tag}`], 'any'));
  }

  /** Changes the source, takes its time, and tells the cache: one write of each key from the first to the last. */
  async #change(indexes: readonly number[], tell: () => Promise<unknown> | undefined): Promise<void> {
    const values = indexes.map((at) => this.#write(this.#names[at]));
    await this.#ticks();
    await tell();
    const at = ++this.#sequence;
    for (const { key, version } of values) this.#history.writeEnded(key, version, at);
  }

  #write(key: string): Versioned {
    const version = (this.#versions.get(key) ?? 0) + 1;
    this.#versions.set(key, version);
    this.#history.writeBegan(key, version, ++this.#sequence);
    return { key, version };
  }

  #check(): void {
    if (this.#drift.length < FINDINGS_KEPT) this.#drift.push(...(this.cache.audit?.() ?? []));
  }

  async #nextTurn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#turn = undefined;
  }

  async #ticks(): Promise<void> {
    for (let left = this.#random.next(MAX_TICKS); left > 0; left--) await undefined;
  }
}
