import type { ImportResult } from '../cache-types.js';
import { KeyIndex } from '../entry/key-index.js';
import type { Clock } from '../ports/clock.js';
import { SLICE_BUDGET_MS, SliceBudget } from '../slices.js';
import { FailureLog } from './failure-log.js';
import { type ImportedEntry, type ImportTimes, isObject, judgeEntry, judgeHeader, wrong } from './import-entry.js';
import { type ImportText, readImportText } from './import-text.js';

/** The most of a stream that is held at a time: one line of NDJSON, or a whole JSON document. 64 MiB. */
export const MAX_HELD_TEXT = 64 * 1024 * 1024;

/** Where imported entries go. */
export interface SnapshotSink {
  /**
   * Stores the entry with its history, replacing one of the same key. Resolves with false where it was not stored
   * because an invalidation came first.
   *
   * @throws {CacheError} where it cannot be stored: the key or the value is refused, or it is too large.
   */
  write(entry: ImportedEntry): boolean | Promise<boolean>;
}

/**
 * Brings the entries of an export into a cache.
 *
 * `source` is the document itself, its JSON or NDJSON as a string or bytes, or a stream or async iterable of text or
 * bytes; which of them is found out. A document is judged whole before the first entry is written. Of NDJSON the
 * header is judged before that, and the entries are written as they come, so that a stream of any length can be
 * imported; a JSON document in a stream may have {@link MAX_HELD_TEXT} bytes.
 *
 * Lifetimes go on with what remained of them at the export. Of two entries with one key the later is kept. Entries that
 * cannot be read or stored are counted as failed and do not stop the rest; skipped are those without a value, those
 * whose time is over, those replaced by a later one of the same document, and those that an invalidation has overtaken.
 * The event loop turns between slices.
 *
 * @throws {ImportError} where `source` is not an export; nothing was written then. An error of a stream itself rejects
 *   too; entries that came before it stay.
 */
export async function importSnapshot(source: unknown, sink: SnapshotSink, clock: Clock): Promise<ImportResult> {
  const run = new ImportRun(sink, clock);
  if (typeof source === 'string' || source instanceof Uint8Array) {
    await run.text([source], Infinity);
  } else if (isAsyncIterable(source)) {
    await run.text(source, MAX_HELD_TEXT);
  } else if (isObject(source)) {
    await run.document(source);
  } else {
    throw wrong('source', 'an export document, its text or bytes, or a stream of these', source);
  }
  return run.result;
}

class ImportRun {
  readonly #failures = new FailureLog();
  readonly #budget: SliceBudget;
  #imported = 0;
  #skipped = 0;

  constructor(
    private readonly sink: SnapshotSink,
    private readonly clock: Clock,
  ) {
    // Entries differ by orders of magnitude in what they take to store, so the clock is read at each.
    this.#budget = new SliceBudget(clock, SLICE_BUDGET_MS, 1);
  }

  get result(): ImportResult {
    const { count, errors } = this.#failures;
    return { imported: this.#imported, skipped: this.#skipped, failed: count, errors };
  }

  async text(chunks: AsyncIterable<unknown> | Iterable<unknown>, maxLength: number): Promise<void> {
    const text = await readImportText(chunks, maxLength, this.#budget);
    return text.format === 'json' ? this.document(text.document) : this.#lines(text);
  }

  async document(document: object): Promise<void> {
    const times = this.#times(judgeHeader(document, ['entries']));
    const { entries } = document as { entries?: unknown };
    if (!Array.isArray(entries)) throw wrong('entries', 'an array', entries);
    const staged: ImportedEntry[] = [];
    const placeOf = new KeyIndex();
    for (let at = 0; at < entries.length; at++) {
      const entry = this.#judge(entries[at], times, `entries[${at}]`);
      if (entry) this.#stage(entry, staged, placeOf);
      await this.#pause();
    }
    for (const entry of staged) {
      await this.#write(entry);
      await this.#pause();
    }
  }

  /** The later of two entries with one key takes the place of the earlier. */
  #stage(entry: ImportedEntry, staged: ImportedEntry[], placeOf: KeyIndex): void {
    const known = placeOf.get(entry.key);
    if (known === undefined) {
      placeOf.set(entry.key, staged.push(entry) - 1);
      return;
    }
    staged[known] = entry;
    this.#skipped++;
  }

  async #lines({ exportedAtMs, lines }: Extract<ImportText, { format: 'ndjson' }>): Promise<void> {
    const times = this.#times(exportedAtMs);
    for await (const line of lines) {
      const place = `line ${line.number}`;
      if ('problem' in line) this.#failures.add(place, line.problem);
      else await this.#line(line.text, times, place);
      await this.#pause();
    }
  }

  async #line(text: string, times: ImportTimes, place: string): Promise<void> {
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch (error) {
      return this.#failures.add(place, error);
    }
    const entry = this.#judge(raw, times, place);
    if (entry) await this.#write(entry);
  }

  #judge(raw: unknown, times: ImportTimes, place: string): ImportedEntry | undefined {
    try {
      const entry = judgeEntry(raw, times);
      if (!entry) this.#skipped++;
      return entry;
    } catch (error) {
      this.#failures.add(keyOf(raw) ?? place, error);
      return undefined;
    }
  }

  async #write(entry: ImportedEntry): Promise<void> {
    try {
      const written = this.sink.write(entry);
      if (written instanceof Promise ? await written : written) this.#imported++;
      else this.#skipped++;
    } catch (error) {
      this.#failures.add(entry.key, error);
    }
  }

  async #pause(): Promise<void> {
    if (this.#budget.spent()) await this.#budget.renew();
  }

  #times(exportedAtMs: number): ImportTimes {
    return { exportedAtMs, nowMs: this.clock.wallNow() };
  }
}

function keyOf(raw: unknown): string | undefined {
  const key: unknown = isObject(raw) ? Reflect.get(raw, 'key') : undefined;
  return typeof key === 'string' ? key : undefined;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
