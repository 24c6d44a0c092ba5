import type { CacheEntry, EntryInfo } from '../engine/entry/entry-view.js';
import { snakeCase, toWire } from '../engine/snapshot/wire-names.js';
import type { WireValue } from './portable-values.js';

export { snakeCase, toWire };

/** The last moment that a Date can name stands for all later ones. */
const LAST_MOMENT = new Date(8.64e15);

/** ISO 8601 in UTC; `null` for never. */
export function wireTime(time: Date | null): string | null {
  if (time === null) return null;
  return (Number.isNaN(time.getTime()) ? LAST_MOMENT : time).toISOString();
}

/** An entry as lists show it, without its value. Tags and metadata are data and stay as they are. */
export function entryToWire(entry: EntryInfo): Record<string, unknown> {
  return {
    key: entry.key,
    created_at: wireTime(entry.createdAt),
    expires_at: wireTime(entry.expiresAt),
    ttl_remaining: entry.ttlRemaining,
    last_accessed: wireTime(entry.lastAccessed),
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

/** One entry with its value, as `GET /get/{key}` shows it. */
export function foundEntryToWire(entry: CacheEntry, value: WireValue): Record<string, unknown> {
  return {
    key: entry.key,
    ...value,
    ttl_remaining: entry.ttlRemaining,
    created_at: wireTime(entry.createdAt),
    expires_at: wireTime(entry.expiresAt),
    access_count: entry.accessCount,
    tags: entry.tags,
    priority: entry.priority,
    cost: entry.cost,
    metadata: entry.metadata ?? null,
    size_bytes: entry.sizeBytes,
    compressed_size: entry.compressedSize,
  };
}

/** Whether the other instances know of an invalidation; nothing is said of that where there is no second tier. */
export function propagation(propagated: boolean | undefined): { readonly propagated?: boolean } {
  return propagated === undefined ? {} : { propagated };
}

/** What `POST /set` answers; `success` is false where the entry has gone again: turned away, or removed by another. */
export function storedEntryToWire(key: string, entry: EntryInfo | undefined): Record<string, unknown> {
  return {
    success: entry !== undefined,
    key,
    expires_at: wireTime(entry?.expiresAt ?? null),
    size_bytes: entry?.sizeBytes ?? 0,
    compressed_size: entry?.compressedSize ?? 0,
  };
}

/** camelCase names inside a sentence as the wire spells them. */
export function wireSentence(sentence: string): string {
  return sentence.replace(/\b[a-z]+(?:[A-Z][a-z]*)+\b/g, snakeCase);
}
