import type { KeyError } from '../cache-types.js';
import { CacheClosedError } from '../errors.js';

/** Failures that are told in full; of the rest only the number is known. */
export const MAX_REPORTED_FAILURES = 100;
/** A hostile document may hold keys of any length; so much of one is repeated in an error. */
const MAX_REPORTED_KEY_CHARS = 256;

/** What went wrong with single entries of a batch that goes on without them. */
export class FailureLog {
  readonly errors: KeyError[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @throws {CacheClosedError} where that is the failure: no later entry can fare better. */
  add(key: string, error: unknown): void {
    if (error instanceof CacheClosedError) throw error;
    this.#count++;
    if (this.errors.length >= MAX_REPORTED_FAILURES) return;
    this.errors.push({
      key: key.length > MAX_REPORTED_KEY_CHARS ? `${key.slice(0, MAX_REPORTED_KEY_CHARS)}...` : key,
      message: error instanceof Error ? error.message : String(error),
    });
  }
}
