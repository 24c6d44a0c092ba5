import type { TierEntry } from '../engine/ports/second-tier.js';
import { type Found, Lookup } from './entry-lookup.js';
import type { RedisParts } from './redis-parts.js';

/** A read that nothing follows from: what `use` makes of the entry settles one promise, and what fails is a miss. */
class EntryRead<T> extends Lookup {
  constructor(
    key: string,
    parts: RedisParts,
    private readonly use: (entry: TierEntry | undefined) => T,
    private readonly resolve: (made: T) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    super(key, parts);
  }

  /** Why is noted where the call failed. */
  failed(): void {
    this.parts.counts.unanswered++;
    this.#give(undefined);
  }

  protected done(found: Found): void {
    const { counts } = this.parts;
    if (found.state === 'value') {
      counts.hits++;
      this.#give(found.entry);
    } else {
      counts.misses++;
      this.#give(undefined);
    }
  }

  #give(entry: TierEntry | undefined): void {
    try {
      this.resolve(this.use(entry));
    } catch (error) {
      this.reject(error);
    }
  }
}

/** What `use` makes of the entry of `key`; of `undefined` where Redis has none, or cannot be asked. */
export function readEntry<T>(key: string, parts: RedisParts, use: (entry: TierEntry | undefined) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const read = new EntryRead(key, parts, use, resolve, reject);
    if (parts.pending.covers(key, NO_TAGS)) read.failed();
    else read.begin();
  });
}

const NO_TAGS: readonly string[] = [];
