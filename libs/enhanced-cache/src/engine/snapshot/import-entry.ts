import { resolveAttributes } from '../entry/entry-attributes.js';
import type { EntryAttributes } from '../entry/entry-attributes.js';
import { describe, ImportError } from '../errors.js';
import { EXPORT_VERSION, type ExportDocument, type ExportEntry, type PortableValue } from './export-document.js';

/** One entry of an export, judged and ready to be stored. */
export interface ImportedEntry {
  readonly key: string;
  readonly value: PortableValue;
  /** `ttlMs` is what remained of the lifetime when the export was made. */
  readonly attributes: EntryAttributes;
  readonly createdAt: Date;
  readonly lastAccessed: Date;
  readonly accessCount: number;
}

/** Moments that an import is judged by, in milliseconds since the Unix epoch. */
export interface ImportTimes {
  exportedAtMs: number;
  /** The wall clock of this host. */
  nowMs: number;
}

const HEADER_FIELDS: readonly string[] = [
  'version',
  'exported_at',
  'statistics',
  'analytics',
  'memory_usage',
] satisfies (keyof ExportDocument)[];
const ENTRY_FIELDS: readonly string[] = [
  'key',
  'value',
  'value_type',
  'created_at',
  'expires_at',
  'last_accessed',
  'access_count',
  'tags',
  'priority',
  'cost',
  'metadata',
  'size_bytes',
  'compressed_size',
  'compression_ratio',
] satisfies (keyof ExportEntry)[];
const ISO_TIME = /^(?:[+-]\d{6}|\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * Judges what stands in an export besides its entries. `extraFields`: further fields that the format has.
 *
 * @returns the moment of the export, in milliseconds since the Unix epoch.
 * @throws {ImportError} naming the first field that is not as an export has it.
 */
export function judgeHeader(header: object, extraFields: readonly string[]): number {
  const { version, exported_at, ...reports } = header as Partial<Record<string, unknown>>;
  if (version !== EXPORT_VERSION) throw wrong('version', String(EXPORT_VERSION), version);
  assertKnownFields(header, [...HEADER_FIELDS, ...extraFields]);
  for (const name of ['statistics', 'analytics', 'memory_usage']) {
    if (reports[name] !== undefined && !isObject(reports[name])) throw wrong(name, 'an object', reports[name]);
  }
  return timeOf('exported_at', exported_at);
}

/**
 * Judges one entry.
 *
 * What remains of its lifetime is `expires_at` minus `exported_at`, both of the exporting host, so that no difference
 * between two clocks shortens or stretches it. An entry is over only where this host's clock has passed `expires_at`
 * too; a clock that is behind the time of the export says nothing.
 *
 * @returns `undefined` where there is nothing to store: the entry has no value, or its time is over.
 * @throws {CacheError} naming the field that is not as an export has it, or not as `set` takes it.
 */
export function judgeEntry(raw: unknown, { exportedAtMs, nowMs }: ImportTimes): ImportedEntry | undefined {
  if (!isObject(raw)) throw wrong('entry', 'an object', raw);
  assertKnownFields(raw, ENTRY_FIELDS);
  const entry = raw as Partial<Record<keyof ExportEntry, unknown>>;
  const { key, value_type, expires_at, access_count = 0 } = entry;
  if (typeof key !== 'string') throw wrong('key', 'a string', key);
  if (!Object.hasOwn(raw, 'value')) return undefined;
  if (value_type !== undefined && value_type !== 'json' && value_type !== 'typed') {
    throw wrong('value_type', `'json' or 'typed'`, value_type);
  }
  if (!Number.isSafeInteger(access_count) || (access_count as number) < 0) {
    throw wrong('access_count', 'an integer >= 0', access_count);
  }
  const expiresAtMs = expires_at === null ? Infinity : timeOf('expires_at', expires_at, ' or null');
  const remainingMs = expiresAtMs - exportedAtMs;
  if (Math.max(nowMs - exportedAtMs, 0) >= remainingMs) return undefined;
  return {
    key,
    value: { type: value_type ?? 'json', value: entry.value },
    attributes: resolveAttributes(givenAttributes(entry), remainingMs),
    createdAt: new Date(pastTime('created_at', entry.created_at, nowMs)),
    lastAccessed: new Date(pastTime('last_accessed', entry.last_accessed, nowMs)),
    accessCount: access_count as number,
  };
}

/** As `set` takes them; it judges them, whatever they are. */
function givenAttributes({ tags, priority, cost, metadata }: Partial<Record<keyof ExportEntry, unknown>>) {
  return { tags, priority, cost, metadata: metadata ?? undefined } as Parameters<typeof resolveAttributes>[0];
}

/** A moment that is not in the future of this host, whose clock may be behind; now where none is given. */
function pastTime(field: string, value: unknown, nowMs: number): number {
  return value === undefined ? nowMs : Math.min(timeOf(field, value), nowMs);
}

function timeOf(field: string, value: unknown, alternative = ''): number {
  const ms = typeof value === 'string' && ISO_TIME.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(ms)) throw wrong(field, `a time in ISO 8601${alternative}`, value);
  return ms;
}

function assertKnownFields(object: object, known: readonly string[]): void {
  for (const name of Object.keys(object)) {
    if (!known.includes(name)) {
      throw new ImportError(`${describe(name)}: not a field of an export (known: ${known.join(', ')})`);
    }
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function wrong(field: string, expected: string, received: unknown): ImportError {
  return new ImportError(`${field}: expected ${expected}, received ${describe(received)}`);
}
