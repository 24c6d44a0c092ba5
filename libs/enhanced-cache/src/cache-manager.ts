import './nest/held-tick.js';
export { CacheInterceptor } from './cache-manager/cache.interceptor.js';
export {
  CACHE_KEY_METADATA,
  CACHE_MANAGER,
  CACHE_TTL_METADATA,
  CacheKey,
  CacheTTL,
} from './cache-manager/cache-decorators.js';
export {
  Cache,
  CACHE_MODULE_OPTIONS,
  type CacheManagerOptions,
  CacheModule,
  type CacheModuleAsyncOptions,
  type CacheModuleOptions,
  type CacheOptions,
  type CacheOptionsFactory,
} from './cache-manager/cache.module.js';
export type {
  CacheManager,
  CacheStore,
  CreateCacheOptions,
  Events,
  RawValue,
  WrapOptions,
} from './cache-manager/cache-manager.types.js';
export { createCache, type EngineCacheOptions } from './cache-manager/create-cache.js';
export type { GivenStores, StorageAdapter } from './cache-manager/given-stores.js';
export { EnhancedKeyvStore, type KeyvEntry } from './keyv/enhanced-keyv-store.js';
