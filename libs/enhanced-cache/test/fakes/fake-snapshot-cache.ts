import type { PressureReport } from '../../src/engine/reports.js';
import { deserialize, serialize } from 'node:v8';
import type { EntryInfo } from '../../src/engine/entry/entry-view.js';
import { InvalidValueError } from '../../src/engine/errors.js';
import type { Clock } from '../../src/engine/ports/clock.js';
import { Counters } from '../../src/engine/analytics/counters.js';
import { cacheStats, memoryReport } from '../../src/engine/analytics/statistics.js';
import type { PortableValue, SnapshotSource } from '../../src/engine/snapshot/export-document.js';
import type { ImportedEntry } from '../../src/engine/snapshot/import-entry.js';
import type { SnapshotSink } from '../../src/engine/snapshot/import.js';

export type FakeEntry = EntryInfo & { value: unknown };

const gauges = {
  entryCount: 0,
  maxEntries: 10,
  originalBytes: 0,
  storedBytes: 0,
  chargedBytes: 0,
  maxBytes: 1024,
  listenerFailures: 0,
  averageAccessTimeMs: 0,
  evictionPolicy: 'lru',
  evictionDetail: null,
  compressionLevel: 6,
  uptimeMs: 0,
};

const UNWATCHED: PressureReport = {
  effectiveLimitBytes: 0,
  estimatedErrorPercent: null,
  pressure: { level: 'off', heapUsedPercent: null, processMemoryPercent: null, shedBytes: 0 },
};

/** A Map with the two faces that snapshots need of a cache; lifetimes run on the wall clock. */
export class FakeSnapshotCache implements SnapshotSource, SnapshotSink {
  readonly entries = new Map<string, FakeEntry>();
  readonly valueErrors: string[] = [];
  reads = 0;

  constructor(private readonly clock: Clock) {}

  put(key: string, value: unknown, info: Partial<EntryInfo> = {}): void {
    const now = new Date(this.clock.wallNow());
    this.entries.set(key, {
      key,
      value,
      createdAt: now,
      expiresAt: null,
      ttlRemaining: null,
      lastAccessed: now,
      accessCount: 0,
      tags: [],
      priority: 0,
      cost: 1,
      metadata: undefined,
      sizeBytes: 10,
      compressedSize: 5,
      compressionRatio: 0.5,
      ...info,
    });
  }

  keys(): readonly string[] {
    return [...this.entries.keys()];
  }

  read(key: string, withValue: boolean): (EntryInfo & { value?: unknown }) | undefined {
    this.reads++;
    const entry = this.entries.get(key);
    if (!entry || withValue) return entry;
    const { value: _, ...info } = entry;
    return info;
  }

  statistics() {
    return cacheStats(new Counters(), gauges);
  }

  analytics() {
    return { enabled: false } as const;
  }

  memoryUsage() {
    return { ...memoryReport(gauges), ...UNWATCHED };
  }

  /** JSON for texts and booleans, V8's own notation for all else; functions are refused. */
  toPortable(value: unknown): PortableValue {
    if (typeof value === 'function') throw new InvalidValueError('value', 'a function cannot be exported');
    if (typeof value === 'string' || typeof value === 'boolean') return { type: 'json', value };
    return { type: 'typed', value: serialize(value).toString('base64') };
  }

  onValueError(key: string): void {
    this.valueErrors.push(key);
  }

  write({ key, value, attributes, createdAt, lastAccessed, accessCount }: ImportedEntry): boolean {
    if (key === 'refused') throw new InvalidValueError('value', 'refused by the fake');
    if (key === 'invalidated') return false;
    const { ttlMs, tags, priority, cost, metadata } = attributes;
    this.put(key, value.type === 'typed' ? deserialize(Buffer.from(String(value.value), 'base64')) : value.value, {
      createdAt,
      lastAccessed,
      accessCount,
      expiresAt: ttlMs === Infinity ? null : new Date(this.clock.wallNow() + ttlMs),
      tags: [...tags],
      priority,
      cost,
      metadata: metadata === undefined ? undefined : (JSON.parse(metadata) as Record<string, unknown>),
    });
    return true;
  }
}
