import type { EntryInput, SetOptions, WarmUpResult, WarmUpSource } from '../cache-types.js';
import { CacheClosedError, describe, InvalidOptionsError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import { SLICE_BUDGET_MS, SliceBudget } from '../slices.js';
import { FailureLog } from './failure-log.js';

/** Writes that may be under way at a time. */
export const WARM_UP_CONCURRENCY = 16;

/** Where warm-up entries go. */
export interface WarmUpSink {
  /**
   * Stores one value as `set` does.
   *
   * @returns its bytes as serialized, before compression.
   * @throws {CacheError} where it cannot be stored.
   */
  set(key: string, value: unknown, options: SetOptions): number | Promise<number>;
}

/**
 * Fills a cache from a source of known values.
 *
 * `source` is an object or a Map of key to value, or an iterable or async iterable of {@link EntryInput}; `options`
 * hold for every entry that does not say otherwise. At most {@link WARM_UP_CONCURRENCY} writes are under way at a time,
 * the source is asked for the next entry only then, and the event loop turns between slices. Entries that cannot be
 * stored are counted and do not stop the rest. An error of the source itself rejects, after the writes under way have
 * ended.
 *
 * @throws {InvalidOptionsError} where `source` is none of these.
 * @throws {CacheClosedError} where the cache is closed, or is so meanwhile.
 */
export async function warmUp(
  source: WarmUpSource,
  options: SetOptions,
  sink: WarmUpSink,
  clock: Clock,
): Promise<WarmUpResult> {
  const entries = entriesOf(source);
  const failures = new FailureLog();
  const underWay = new Set<Promise<void>>();
  let success = 0;
  let totalSize = 0;
  let fatal: CacheClosedError | undefined;

  const store = async (entry: EntryInput): Promise<void> => {
    try {
      const { key, value, ...own } = entry;
      const written = sink.set(key, value, { ...options, ...own });
      const sizeBytes = typeof written === 'number' ? written : await written;
      totalSize += sizeBytes;
      success++;
    } catch (error) {
      if (error instanceof CacheClosedError) fatal = error;
      else failures.add(keyOf(entry), error);
    }
  };

  const budget = new SliceBudget(clock, SLICE_BUDGET_MS, 1);
  try {
    for await (const entry of entries) {
      const write = store(entry).finally(() => underWay.delete(write));
      underWay.add(write);
      if (underWay.size >= WARM_UP_CONCURRENCY) await Promise.race(underWay);
      if (budget.spent()) await budget.renew();
      if (fatal) break;
    }
  } finally {
    await Promise.all(underWay);
  }
  if (fatal) throw fatal;
  return { success, failed: failures.count, totalSize, errors: failures.errors };
}

function entriesOf(source: WarmUpSource): Iterable<EntryInput> | AsyncIterable<EntryInput> {
  if (source instanceof Map) return keyed(source);
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return source as Iterable<EntryInput>;
    if (isPlain(source)) return keyed(Object.entries(source));
  }
  const expected = 'an object or Map of key to value, or an iterable of { key, value, ... }';
  throw new InvalidOptionsError('source', expected, source);
}

function* keyed(pairs: Iterable<readonly [string, unknown]>): Generator<EntryInput, void, undefined> {
  for (const [key, value] of pairs) yield { key, value };
}

function isPlain(source: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(source);
  // Not compared with Object.prototype: a plain object of another realm, a test runner's say, is plain too.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function keyOf(entry: unknown): string {
  const key: unknown = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'key') : entry;
  return typeof key === 'string' ? key : describe(key);
}
