import type { Versioned } from './raced-cache.js';

/** What can be wrong with an answer, or with the end of a schedule. */
export type Fault =
  /** Older than the newest invalidation that had resolved when the call began. */
  | 'stale'
  /** Belongs to another key. */
  | 'foreign'
  /** Newer than anything that was written. */
  | 'invented'
  /** `getOrSet` brought nothing, though its load would have. */
  | 'missing'
  /** The call rejected for another reason than that of a load or of its caller's options. */
  | 'refused'
  /** The call never settled. */
  | 'hung'
  /** The cache's own accounting does not add up. */
  | 'unsound';

export interface Violation {
  readonly fault: Fault;
  readonly detail: string;
}

/**
 * Knows how old an answer may be.
 *
 * A call that began after an invalidation resolved may not return a version older than the one at the invalidation. An
 * invalidation that only ends lifetimes does not bind calls that asked for stale values.
 */
export class StalenessOracle {
  readonly #removed = new Map<string, number>();
  readonly #expired = new Map<string, number>();

  /** An invalidation of these resolved, which began when the source held these versions. */
  removed(values: readonly Versioned[]): void {
    raise(this.#removed, values);
  }

  /** As {@link removed}, for one that ended lifetimes. */
  expired(values: readonly Versioned[]): void {
    raise(this.#expired, values);
  }

  /** The oldest version that a call which begins now may return. */
  floorOf(key: string, servesStale: boolean): number {
    const removed = this.#removed.get(key) ?? 0;
    return servesStale ? removed : Math.max(removed, this.#expired.get(key) ?? 0);
  }

  /** What is wrong with `answer`; `newest` is the version of the source at its return. */
  judge(key: string, answer: Versioned, floor: number, newest: number): Violation | undefined {
    if (answer.key !== key) return { fault: 'foreign', detail: `${key} answered with ${answer.key}` };
    if (answer.version < floor) {
      return { fault: 'stale', detail: `${key} answered with version ${answer.version}, invalidated up to ${floor}` };
    }
    if (answer.version > newest) {
      return {
        fault: 'invented',
        detail: `${key} answered with version ${answer.version}, the source is at ${newest}`,
      };
    }
    return undefined;
  }
}

function raise(floors: Map<string, number>, values: readonly Versioned[]): void {
  for (const { key, version } of values) floors.set(key, Math.max(floors.get(key) ?? 0, version));
}
