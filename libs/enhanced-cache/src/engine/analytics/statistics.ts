import { BYTES_PER_MIB } from '../options/resolve-options.js';
import type { PolicyReport } from '../eviction/eviction-policy.js';
import type { TierReport } from '../ports/second-tier.js';
import type { CacheStats, MemoryReport, PressureReport } from '../reports.js';
import type { Counters } from './counters.js';

/** What a cache holds at this moment, in bytes of values, and its limits. */
export interface MemoryGauges {
  entryCount: number;
  /** Bytes of all values as serialized, before compression. */
  originalBytes: number;
  /** Bytes of all values as stored. */
  storedBytes: number;
  /** Bytes charged against {@link maxBytes}: values, keys, tags, metadata and overhead. */
  chargedBytes: number;
  maxBytes: number;
}

export interface CacheGauges extends MemoryGauges {
  maxEntries: number;
  listenerFailures: number;
  /** Mean of the sampled reads in milliseconds; 0 where none was sampled. */
  averageAccessTimeMs: number;
  evictionPolicy: string;
  evictionDetail: PolicyReport | null;
  compressionLevel: number;
  /** Milliseconds since the cache was made. */
  uptimeMs: number;
}

/** Shares of the plain and of the cost-weighted hit rate in the efficiency score; together 1. */
const HIT_RATE_SHARE = 0.6;
const COST_SHARE = 0.4;

/** All figures of {@link CacheStats}, each by the formula that is documented beside its field. */
export function cacheStats(
  counters: Readonly<Counters>,
  gauges: CacheGauges,
  tier: TierReport | null = null,
): CacheStats {
  const { hits, misses } = counters;
  const totalRequests = hits + misses;
  return {
    hits,
    misses,
    totalRequests,
    hitRate: percent(hits, totalRequests),
    missRate: percent(misses, totalRequests),
    sets: counters.sets,
    deletes: counters.deletes,
    evictions: counters.evictions,
    expirations: counters.expirations,
    loads: counters.loads,
    loadFailures: counters.loadFailures,
    fencedLoads: counters.fencedLoads,
    staleHits: counters.staleHits,
    joinedLoads: counters.joinedLoads,
    queuedLoads: counters.queuedLoads,
    backgroundLoads: counters.backgroundLoads,
    loadTimeouts: counters.loadTimeouts,
    lateLoads: counters.lateLoads,
    corruptEntries: counters.corruptEntries,
    listenerFailures: gauges.listenerFailures,
    entryCount: gauges.entryCount,
    maxSize: gauges.maxEntries,
    utilization: Math.max(percent(gauges.entryCount, gauges.maxEntries), percent(gauges.chargedBytes, gauges.maxBytes)),
    totalSize: gauges.originalBytes,
    compressedSize: gauges.storedBytes,
    compressionRatio: compressionRatio(gauges),
    memoryEfficiency: percent(gauges.originalBytes - gauges.storedBytes, gauges.originalBytes),
    memoryUsageMb: mebibytes(gauges.chargedBytes),
    maxMemoryMb: mebibytes(gauges.maxBytes),
    averageAccessTimeMs: roundMs(gauges.averageAccessTimeMs),
    cacheEfficiencyScore: efficiencyScore(counters),
    loadSecondsSaved: round(counters.loadSeconds.saved, 3),
    loadSecondsPaid: round(counters.loadSeconds.paid, 3),
    loadSecondsByTag: counters.loadSeconds
      .byTag()
      .map(({ tag, saved, paid }) => ({ tag, saved: round(saved, 3), paid: round(paid, 3) })),
    evictionPolicy: gauges.evictionPolicy,
    evictionDetail: gauges.evictionDetail && rounded(gauges.evictionDetail),
    compressionLevel: gauges.compressionLevel,
    tier,
    uptimeSeconds: round(gauges.uptimeMs / 1000, 3),
  };
}

/** All figures of {@link MemoryReport} that depend on what is held. Overhead is what is charged beyond the values' own bytes. */
export function memoryReport(gauges: MemoryGauges): Omit<MemoryReport, keyof PressureReport> {
  const { entryCount, originalBytes, storedBytes, chargedBytes } = gauges;
  return {
    totalEntries: entryCount,
    totalSizeBytes: originalBytes,
    compressedSizeBytes: storedBytes,
    compressionSavingsBytes: originalBytes - storedBytes,
    compressionRatio: compressionRatio(gauges),
    // V8 holds a Latin-1 text in fewer bytes than its UTF-8 form has, which may outweigh a small entry's overhead.
    overheadBytes: Math.max(chargedBytes - storedBytes, 0),
    memoryUsageBytes: chargedBytes,
    memoryUsageMb: mebibytes(chargedBytes),
    maxMemoryMb: mebibytes(gauges.maxBytes),
    memoryUtilizationPercent: percent(chargedBytes, gauges.maxBytes),
    averageEntrySizeBytes: round(share(originalBytes, entryCount), 2),
    averageCompressedSizeBytes: round(share(storedBytes, entryCount), 2),
  };
}

/** `part` of `whole` in percent, with 2 decimals; 0 where there is no whole. */
export function percent(part: number, whole: number): number {
  return round(share(part, whole) * 100, 2);
}

/** `part / whole`; 0 where there is no whole. */
export function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

/** A measured time in milliseconds as reports show it: to the nanosecond. */
export function roundMs(ms: number): number {
  return round(ms, 6);
}

function rounded({ valueSpread, strategies, ...detail }: PolicyReport): PolicyReport {
  return {
    ...detail,
    valueSpread: round(valueSpread, 3),
    strategies: strategies.map(({ strategy, hitShare, shortfall }) => ({
      strategy,
      hitShare: round(hitShare, 4),
      shortfall: round(shortfall, 4),
    })),
  };
}

function efficiencyScore({ hits, misses, hitCost, missCost }: Readonly<Counters>): number {
  const score = HIT_RATE_SHARE * share(hits, hits + misses) + COST_SHARE * share(hitCost, hitCost + missCost);
  return round(100 * score, 2);
}

function compressionRatio({ originalBytes, storedBytes }: MemoryGauges): number {
  return originalBytes === 0 ? 1 : round(storedBytes / originalBytes, 4);
}

function mebibytes(bytes: number): number {
  return round(bytes / BYTES_PER_MIB, 4);
}
