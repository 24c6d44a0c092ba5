export { EnhancedCache } from './engine/enhanced-cache.js';
export type {
  BulkLoader,
  CacheConfiguration,
  ConfigureResult,
  DeleteByTagsOptions,
  EntryInput,
  EntryPage,
  Eviction,
  ExportOptions,
  ImportResult,
  KeyError,
  ListOptions,
  LoadContext,
  Loader,
  SetOptions,
  WarmUpResult,
  WarmUpSource,
  WrapOptions,
} from './engine/cache-types.js';
export { type Duration, durationToMs } from './engine/duration.js';
export type { CacheEntry, EntryInfo } from './engine/entry/entry-view.js';
export {
  CacheBusyError,
  CacheClosedError,
  CacheError,
  type CacheErrorCode,
  CacheTimeoutError,
  CapacityError,
  CodecError,
  ImportError,
  InvalidKeyError,
  InvalidOptionsError,
  InvalidValueError,
  RecursiveLoadError,
  TierError,
} from './engine/errors.js';
export type { CacheEvent, CacheEventPayloads, CacheListener } from './engine/events.js';
export type { RemovalCause } from './engine/eviction/eviction-policy.js';
export {
  type ClassInstances,
  CompressionLevel,
  EvictionPolicyName as EvictionPolicy,
  type Isolation,
} from './engine/options/enums.js';
export type { EnhancedCacheOptions, Reconfiguration, RevivableClass } from './engine/options/options.js';
export type { HeldLock, LockOptions } from './engine/loading/key-lock.js';
export type { Announced, Invalidation } from './engine/ports/coherence-bus.js';
export type { AttachedTier, TierFactory, TierHost, TierReport } from './engine/ports/second-tier.js';
export type { LoadingOptions, LoadOptions } from './engine/loading/load-options.js';
export type { Clock, ClockTimer } from './engine/ports/clock.js';
export type { HeapReading, MemoryProbe, ProcessReading } from './engine/ports/memory-probe.js';
export type { PressureLevel, PressureThresholds } from './engine/pressure/pressure-gauge.js';
export type { MemoryPressureOptions } from './engine/pressure/pressure-options.js';
export { SystemClock } from './engine/ports/system-clock.js';
export type {
  BenchmarkReport,
  CacheAnalytics,
  CacheStats,
  EnabledAnalytics,
  HealthReport,
  HealthStatus,
  MemoryReport,
  OperationTimings,
  PatternStats,
  Percentiles,
  PressureReport,
} from './engine/reports.js';
export { EnhancedKeyvStore, type KeyvEntry } from './keyv/enhanced-keyv-store.js';
