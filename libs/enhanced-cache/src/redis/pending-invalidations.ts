import type { Invalidation } from '../engine/ports/coherence-bus.js';

/** Names that are kept. When there are more, they are folded into one invalidation of everything. */
const MAX_PENDING = 10_000;

interface Unit {
  readonly invalidation: Invalidation;
  /** What was added later has a higher number. */
  readonly order: number;
}

/** Invalidations that are being sent. They stay pending until they are acknowledged. */
export interface PendingPortion {
  readonly invalidations: readonly Invalidation[];
  acknowledge(): void;
}

/**
 * Invalidations that Redis has not acknowledged, the last for each name: to be sent before anything that they are about may be
 * read from it.
 */
export class PendingInvalidations {
  readonly #units = new Map<string, Unit>();
  #everything: Unit | undefined;
  #order = 0;

  constructor(private readonly maxPending = MAX_PENDING) {}

  get size(): number {
    return this.#units.size + (this.#everything ? 1 : 0);
  }

  add(invalidation: Invalidation): void {
    const order = ++this.#order;
    if (invalidation.scope === 'everything') return this.#fold(order);
    if (this.#everything) return this.#fold(order);
    if (invalidation.scope === 'keys') {
      for (const key of invalidation.keys) {
        this.#units.set(keyName(key), { invalidation: { ...invalidation, keys: [key] }, order });
      }
    } else if (invalidation.match === 'all') {
      // Entries with all of the tags are not those with one of them: such a unit stays whole, and counts for its first tag too.
      this.#units.set(tagName(invalidation.tags[0]), { invalidation, order });
    } else {
      for (const tag of invalidation.tags) {
        this.#units.set(tagName(tag), { invalidation: { ...invalidation, tags: [tag] }, order });
      }
    }
    if (this.#units.size > this.maxPending) this.#fold(order);
  }

  /** Whether an entry under `key` with `tags` may be older than an invalidation that Redis does not know of. */
  covers(key: string, tags: Iterable<string>): boolean {
    if (this.#everything) return true;
    if (this.#units.size === 0) return false;
    if (this.#units.has(keyName(key))) return true;
    for (const tag of tags) if (this.#units.has(tagName(tag))) return true;
    return false;
  }

  /** All that are pending now. */
  portion(): PendingPortion {
    const upTo = this.#order;
    const acknowledge = (): void => {
      for (const [name, { order }] of this.#units) if (order <= upTo) this.#units.delete(name);
      if (this.#everything && this.#everything.order <= upTo) this.#everything = undefined;
    };
    return { invalidations: this.#everything ? [this.#everything.invalidation] : this.#grouped(), acknowledge };
  }

  /** Keys that end in the same way go together, as there may be thousands. */
  #grouped(): Invalidation[] {
    const keys = new Map<boolean, string[]>();
    const rest: Invalidation[] = [];
    for (const { invalidation } of this.#units.values()) {
      if (invalidation.scope !== 'keys') rest.push(invalidation);
      else if (!keys.get(invalidation.stale)?.push(...invalidation.keys)) {
        keys.set(invalidation.stale, [...invalidation.keys]);
      }
    }
    return [...rest, ...[...keys].map(([stale, group]): Invalidation => ({ scope: 'keys', keys: group, stale }))];
  }

  #fold(order: number): void {
    this.#everything = { invalidation: { scope: 'everything' }, order };
    this.#units.clear();
  }
}

function keyName(key: string): string {
  return `k${key}`;
}

function tagName(tag: string): string {
  return `t${tag}`;
}
