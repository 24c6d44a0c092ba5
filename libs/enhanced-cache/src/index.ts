import './nest/held-tick.js';
export { Cacheable } from './nest/decorators/cacheable.decorator.js';
export { CacheEvict } from './nest/decorators/cache-evict.decorator.js';
export { CachePut } from './nest/decorators/cache-put.decorator.js';
export type { AsyncMethodDecorator } from './nest/decorators/decorate-method.js';
export type {
  CacheableOptions,
  CacheEvictOptions,
  CachePutOptions,
  CacheRuleOptions,
  FreshnessOptions,
  StoreOptions,
  TextOption,
  TextsOption,
} from './nest/decorators/decorator-options.js';
export { InjectCache } from './nest/decorators/inject-cache.decorator.js';
export { NoCache } from './nest/decorators/no-cache.decorator.js';
export { EnhancedCacheModule } from './rest/enhanced-cache.module.js';
export type { EnhancedCacheFeatureOptions } from './nest/enhanced-cache.options.js';
export { EnhancedCacheService } from './nest/enhanced-cache.service.js';
export { EnhancedCacheInterceptor } from './nest/interceptor/enhanced-cache.interceptor.js';
export { ENHANCED_CACHE, getCacheToken } from './nest/tokens.js';
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
export { CacheAuthGuard } from './rest/auth/cache-auth.guard.js';
export { RequireScope, type ScopeRule } from './rest/auth/require-scope.decorator.js';
export type { JwtAuthOptions, JwtPublicKey, JwtSecret } from './rest/auth/jwt-auth-options.js';
export { CACHE_SCOPES, type CacheScope } from './rest/auth/scopes.js';
export type { CachePrincipal } from './rest/auth/cache-jwt.strategy.js';
export type { CacheControllerOptions, CacheControllerValues } from './rest/controller-options.js';
export { describeEnhancedCacheApi } from './rest/describe-api.js';
export type {
  EnhancedCacheAsyncValues,
  EnhancedCacheModuleAsyncOptions,
  EnhancedCacheModuleExtras,
  EnhancedCacheModuleOptions,
  EnhancedCacheOptionsFactory,
} from './rest/enhanced-cache.options.js';
export { EnhancedCacheHealthIndicator } from './rest/health/enhanced-cache.health.js';
