import type { EntryInfo } from '../entry/entry-view.js';
import type { Clock } from '../ports/clock.js';
import type { CacheAnalytics, CacheStats, MemoryReport } from '../reports.js';
import { SLICE_BUDGET_MS, SliceBudget } from '../slices.js';
import { toWire } from './wire-names.js';

/** Version of the document's shape; an import takes this one and no other. */
export const EXPORT_VERSION = 1;

/** A value in a form that JSON carries. `typed`: a notation that brings back what JSON has no word for. */
export interface PortableValue {
  readonly type: 'json' | 'typed';
  readonly value: unknown;
}

/** What an export needs of a cache. */
export interface SnapshotSource {
  /** Keys of the live entries, found while the walk goes on. */
  keys(): Iterable<string>;
  /**
   * The live entry, with an own `value` where `withValue` asks for it; `undefined` where it has gone. Counts as no
   * read.
   */
  read(key: string, withValue: boolean): (EntryInfo & { value?: unknown }) | undefined;
  statistics(): CacheStats;
  analytics(): CacheAnalytics;
  memoryUsage(): MemoryReport;
  /** @throws {InvalidValueError} where the value cannot leave the process. */
  toPortable(value: unknown): PortableValue;
  /** A value could not be exported: its entry is in the export without it. */
  onValueError(key: string, error: unknown): void;
}

export type ExportHeader = {
  version: number;
  exported_at: string;
  statistics: Record<string, unknown>;
  analytics: Record<string, unknown>;
  memory_usage: Record<string, unknown>;
};

export type ExportEntry = {
  key: string;
  /** Only in an export with values. */
  value?: unknown;
  /** Only where {@link value} is not plain JSON. */
  value_type?: 'typed';
  created_at: string;
  expires_at: string | null;
  last_accessed: string;
  access_count: number;
  tags: string[];
  priority: number;
  cost: number;
  metadata: Record<string, unknown> | null;
  size_bytes: number;
  compressed_size: number;
  compression_ratio: number;
};

export type ExportDocument = ExportHeader & { entries: ExportEntry[] };

/** What stands in an export besides its entries, as of now. */
export function exportHeader(source: SnapshotSource, clock: Clock): ExportHeader {
  return {
    version: EXPORT_VERSION,
    exported_at: isoTime(clock.wallNow()),
    statistics: toWire(source.statistics()),
    analytics: toWire(source.analytics()),
    memory_usage: toWire(source.memoryUsage()),
  };
}

/**
 * Every entry that is live from the beginning of the walk to its end, exactly once, as it is when the walk comes to it.
 * What is set or removed meanwhile may be in or out.
 *
 * The event loop turns between slices of {@link SLICE_BUDGET_MS}; the walk holds one entry at a time.
 */
export async function* exportEntries(
  source: SnapshotSource,
  clock: Clock,
  withValues: boolean,
): AsyncGenerator<ExportEntry, void, undefined> {
  // Entries differ by orders of magnitude in what they take to read, so the clock is read at each.
  const budget = new SliceBudget(clock, SLICE_BUDGET_MS, 1);
  for (const key of source.keys()) {
    const entry = source.read(key, withValues);
    if (entry) yield toExportEntry(entry, source);
    if (budget.spent()) await budget.renew();
  }
}

/** The whole export as one object. For large caches prefer the NDJSON stream: this one holds every value at once. */
export async function exportDocument(
  source: SnapshotSource,
  clock: Clock,
  withValues: boolean,
): Promise<ExportDocument> {
  const { version, exported_at, ...reports } = exportHeader(source, clock);
  const entries: ExportEntry[] = [];
  for await (const entry of exportEntries(source, clock, withValues)) entries.push(entry);
  return { version, exported_at, entries, ...reports };
}

function toExportEntry(entry: EntryInfo & { value?: unknown }, source: SnapshotSource): ExportEntry {
  return {
    key: entry.key,
    ...(Object.hasOwn(entry, 'value') && portableFields(entry.key, entry.value, source)),
    created_at: isoTime(entry.createdAt.getTime()),
    expires_at: entry.expiresAt && isoTime(entry.expiresAt.getTime()),
    last_accessed: isoTime(entry.lastAccessed.getTime()),
    access_count: entry.accessCount,
    tags: entry.tags,
    priority: entry.priority,
    cost: entry.cost,
    metadata: entry.metadata ?? null,
    size_bytes: entry.sizeBytes,
    compressed_size: entry.compressedSize,
    compression_ratio: entry.compressionRatio,
  };
}

function portableFields(
  key: string,
  value: unknown,
  source: SnapshotSource,
): Pick<ExportEntry, 'value' | 'value_type'> {
  try {
    const portable = source.toPortable(value);
    return portable.type === 'typed' ? { value: portable.value, value_type: 'typed' } : { value: portable.value };
  } catch (error) {
    source.onValueError(key, error);
    return {};
  }
}

/** The last moment that a Date can name stands for all later ones. */
const LAST_MOMENT_MS = 8.64e15;

function isoTime(wallMs: number): string {
  return new Date(Number.isNaN(wallMs) ? LAST_MOMENT_MS : Math.min(wallMs, LAST_MOMENT_MS)).toISOString();
}
