import type { PolicyReport } from './eviction/eviction-policy.js';
import type { TierReport } from './ports/second-tier.js';
import type { PressureLevel } from './pressure/pressure-gauge.js';

/**
 * Counters and gauges of one cache. The wire form is the same in snake_case.
 *
 * Percentages are 0 to 100 with 2 decimals; a share of nothing is 0.
 */
export interface CacheStats {
  /** Reads that found a live value: `get`, `getSync`, `mget`, `getOrSet`, `wrap`. */
  hits: number;
  misses: number;
  /** `hits + misses`. */
  totalRequests: number;
  /** Percent: hits / totalRequests. */
  hitRate: number;
  /** Percent: misses / totalRequests. */
  missRate: number;
  /** Values stored, by any way in. */
  sets: number;
  /** Entries removed by `delete`, `deleteByTags` and `clear`. */
  deletes: number;
  /** Entries that the policy removed for room. */
  evictions: number;
  /** Entries removed because their time was over. */
  expirations: number;
  /** Loaders run by `getOrSet` and `wrap`. */
  loads: number;
  /** Those of {@link loads} that rejected, without having been aborted. */
  loadFailures: number;
  /** Loaded values that were not stored because an invalidation came first. */
  fencedLoads: number;
  /** Reads answered with a value past its lifetime: hits, and misses whose load was slow or failed. */
  staleHits: number;
  /** Callers who waited for a load that was running already. */
  joinedLoads: number;
  /** Loads that had to wait for their turn. */
  queuedLoads: number;
  /** Loads that renewed a value while it was being served. */
  backgroundLoads: number;
  /** Loads that were given up after `hardTimeout`. */
  loadTimeouts: number;
  /** Loads that ended after they had been given up. */
  lateLoads: number;
  /** Stored bytes that did not prove themselves; each was a miss and is gone. */
  corruptEntries: number;
  /** Event listeners that failed. */
  listenerFailures: number;
  /** Live entries. */
  entryCount: number;
  maxSize: number;
  /** Percent: the fuller of the two limits, entries / maxSize or memory / maxMemoryMb. */
  utilization: number;
  /** Bytes of all values as serialized, before compression. */
  totalSize: number;
  /** Bytes of all values as stored. */
  compressedSize: number;
  /** compressedSize / totalSize; 1 = nothing saved (or nothing held). */
  compressionRatio: number;
  /** Percent of the values' bytes that compression saved. */
  memoryEfficiency: number;
  /** MiB charged against `maxMemoryMb`: values, keys, tags, metadata and overhead. */
  memoryUsageMb: number;
  maxMemoryMb: number;
  /** Milliseconds of a read inside the cache, mean of the sampled ones; 0 where none was sampled. */
  averageAccessTimeMs: number;
  /**
   * 0 to 100: 100 x (0.6 x hit rate + 0.4 x cost-weighted hit rate), where a request weighs the cost of its entry in
   * seconds: for a hit the entry's, for a miss that of the value then loaded or set, 1 where it never was.
   */
  cacheEfficiencyScore: number;
  /** Seconds of loading that hits spared the source, as the loads of what they found were measured. */
  loadSecondsSaved: number;
  /** Seconds that loads took all the same, failed ones included. */
  loadSecondsPaid: number;
  /** Both by tag, most seconds first, 20 at most; a load counts for each of its tags. Later tags are `(other)`. */
  loadSecondsByTag: { tag: string; saved: number; paid: number }[];
  evictionPolicy: string;
  /** How HYBRID works at the moment, and why; `null` under other policies. */
  evictionDetail: PolicyReport | null;
  compressionLevel: number;
  /** The second tier; `null` where there is none. Hits above are those of memory: what the tier answers was a miss before. */
  tier: TierReport | null;
  /** Seconds since the cache was made. */
  uptimeSeconds: number;
}

export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
  p999: number;
}

export interface PatternStats {
  requests: number;
  hits: number;
  misses: number;
  /** Percent. */
  hitRate: number;
}

/** Sampled knowledge of what is asked for; `{ enabled: false }` where analytics is off. */
export type CacheAnalytics = { enabled: false } | EnabledAnalytics;

export interface EnabledAnalytics {
  enabled: true;
  totalRequests: number;
  hitRate: number;
  missRate: number;
  /** Percent: evictions / sets. */
  evictionRate: number;
  compressionRatio: number;
  /** Milliseconds, mean of sampled reads. */
  averageAccessTime: number;
  /** Milliseconds. */
  accessTimePercentiles: Percentiles;
  memoryEfficiency: number;
  cacheEfficiencyScore: number;
  /** The most requested keys of the last while, at most 20, with estimated counts. */
  topKeys: { key: string; count: number }[];
  /** Requests by the shape of the key: parts that vary are `*`. At most 100 shapes; the rest is under `(other)`. */
  accessPatterns: Record<string, PatternStats>;
  performanceMetrics: Record<string, number>;
}

export interface MemoryReport extends PressureReport {
  totalEntries: number;
  /** Bytes of all values as serialized, before compression. */
  totalSizeBytes: number;
  /** Bytes of all values as stored. */
  compressedSizeBytes: number;
  /** What compression saved. */
  compressionSavingsBytes: number;
  compressionRatio: number;
  /** Keys, tags, metadata and the container's share of each entry. */
  overheadBytes: number;
  /** All that is charged against the limit. */
  memoryUsageBytes: number;
  memoryUsageMb: number;
  maxMemoryMb: number;
  memoryUtilizationPercent: number;
  /** totalSizeBytes / totalEntries; 0 where empty. */
  averageEntrySizeBytes: number;
  averageCompressedSizeBytes: number;
}

/** What the memory of the process means for the cache. */
export interface PressureReport {
  /** What may be held at the moment: `maxMemoryMb`, or less while the process is short of memory. */
  effectiveLimitBytes: number;
  /**
   * By how many percent the process really grows more (or, negative, less) than the caches in it say, all together; `null`
   * until they have moved enough memory for it to show.
   */
  estimatedErrorPercent: number | null;
  pressure: {
    /** `off`: the memory of the process is not watched, or the cache is closed. */
    level: PressureLevel | 'off';
    /** Percent of the heap's limit in use, without what is known to be garbage; `null` where it is not watched. */
    heapUsedPercent: number | null;
    /** Percent of the limit of the process's control group in use; `null` where there is none or it is not watched. */
    processMemoryPercent: number | null;
    /** Bytes that were evicted to make room for the process, since the cache was made. */
    shedBytes: number;
  };
}

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

export interface HealthReport {
  /** The worst of {@link checks}. */
  status: HealthStatus;
  checks: Record<string, { status: HealthStatus } & Record<string, unknown>>;
  errors: string[];
  timestamp: Date;
}

export interface OperationTimings {
  count: number;
  totalTimeMs: number;
  averageTimeMs: number;
  minTimeMs: number;
  maxTimeMs: number;
  p50TimeMs: number;
  p99TimeMs: number;
  operationsPerSecond: number;
}

export interface BenchmarkReport {
  iterations: number;
  setOperations: OperationTimings;
  getOperations: OperationTimings;
}
