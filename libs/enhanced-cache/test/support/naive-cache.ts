import type { EvictionPolicy, SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { keyHashOf } from './key-hash.js';

interface NaiveEntry {
  readonly id: number;
  value: unknown;
  weight: number;
  cost: number;
  priority: number;
  expiresAt: number;
  tags: readonly string[];
  hits: number;
}

export type NaiveAttributes = Pick<NaiveEntry, 'weight' | 'cost' | 'priority' | 'expiresAt' | 'tags'>;

/**
 * A cache as one would explain it: one map, every rule applied to all entries at once, nothing kept beside the entries
 * that could drift. Expired entries leave in the moment in which time moves.
 */
export class NaiveCache {
  readonly entries = new Map<string, NaiveEntry>();
  readonly counts = { hits: 0, misses: 0, sets: 0, deletes: 0, evictions: 0, expirations: 0 };
  now = 0;
  #ids = 0;
  #policy: EvictionPolicy;
  readonly #traits: SlotTraits = {
    weight: (id) => this.#byId(id).weight,
    cost: (id) => this.#byId(id).cost,
    priority: (id) => this.#byId(id).priority,
    expiresAt: (id) => this.#byId(id).expiresAt,
    hits: (id) => this.#byId(id).hits,
    lastAccess: () => 0,
    keyHash: (id) => keyHashOf(this.#keyOf(id)),
  };

  constructor(
    private readonly policyOf: (traits: SlotTraits) => EvictionPolicy,
    public maxEntries: number,
    public maxBytes: number,
  ) {
    this.#policy = policyOf(this.#traits);
  }

  /** What the entries and the names of their tags take. */
  get bytes(): number {
    let bytes = 0;
    for (const { weight } of this.entries.values()) bytes += weight;
    return bytes + this.tagBytes();
  }

  tagBytes: () => number = () => 0;

  get(key: string): unknown {
    const entry = this.entries.get(key);
    if (!entry) {
      this.counts.misses++;
      return undefined;
    }
    this.counts.hits++;
    entry.hits++;
    this.#policy.onHit(entry.id);
    return entry.value;
  }

  set(key: string, value: unknown, attributes: NaiveAttributes): void {
    this.counts.sets++;
    const known = this.entries.get(key);
    const entry = { id: known?.id ?? this.#ids++, value, hits: 0, ...attributes };
    this.entries.set(key, entry);
    if (known) this.#policy.onUpdate(entry.id);
    else this.#policy.onInsert(entry.id);
    this.evict(entry.id);
  }

  evict(newcomer = -1): void {
    while (this.entries.size > this.maxEntries || this.bytes > this.maxBytes) {
      const victim = this.#policy.victim(newcomer);
      this.#remove(this.#keyOf(victim === -1 ? newcomer : victim), 'evictions');
      if (victim === newcomer) return;
    }
  }

  delete(key: string): boolean {
    if (!this.entries.has(key)) return false;
    this.#remove(key, 'deletes');
    return true;
  }

  deleteByTags(tags: readonly string[], match: 'any' | 'all'): number {
    const hit = [...this.entries].filter(([, entry]) =>
      match === 'any' ? tags.some((tag) => entry.tags.includes(tag)) : tags.every((tag) => entry.tags.includes(tag)),
    );
    for (const [key] of hit) this.#remove(key, 'deletes');
    return hit.length;
  }

  touch(key: string, expiresAt: number): boolean {
    const entry = this.entries.get(key);
    if (!entry) return false;
    entry.expiresAt = expiresAt;
    this.#policy.onUpdate(entry.id);
    return true;
  }

  clear(): number {
    const { size } = this.entries;
    this.counts.deletes += size;
    this.entries.clear();
    this.#policy = this.policyOf(this.#traits);
    return size;
  }

  advance(ms: number): void {
    this.now += ms;
    for (const [key, entry] of this.entries) if (entry.expiresAt <= this.now) this.#remove(key, 'expirations');
  }

  #remove(key: string, count: 'deletes' | 'evictions' | 'expirations'): void {
    const { id } = this.entries.get(key) as NaiveEntry;
    this.counts[count]++;
    this.#policy.onRemove(id, count === 'evictions' ? 'evicted' : count === 'deletes' ? 'deleted' : 'expired');
    this.entries.delete(key);
  }

  #keyOf(id: number): string {
    for (const [key, entry] of this.entries) if (entry.id === id) return key;
    throw new Error(`no entry ${id}`);
  }

  #byId(id: number): NaiveEntry {
    return this.entries.get(this.#keyOf(id)) as NaiveEntry;
  }
}
