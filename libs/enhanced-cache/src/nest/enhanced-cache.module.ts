import { type DynamicModule, Module } from '@nestjs/common';
import type {
  EnhancedCacheFeatureOptions,
  EnhancedCacheModuleAsyncOptions,
  EnhancedCacheModuleOptions,
} from './enhanced-cache.options.js';
import {
  defineFeatureCache,
  defineFeatureCacheAsync,
  defineRootCache,
  defineRootCacheAsync,
} from './module-definition.js';

/**
 * The cache as a Nest module: the default cache of the app with {@link forRoot}, further ones by name with
 * {@link forFeature}. An option that cannot work stops the boot with an `InvalidOptionsError` that names it.
 *
 * Extension point: a module that adds controllers, providers or imports to the default cache extends this class, takes
 * its own extras out of the options and hands on the rest, with what it adds as a `CacheModuleExtension`:
 *
 * ```ts
 * export class EnhancedCacheModule extends LeanCacheModule {
 *   static override forRoot({ controller, ...options }: FullOptions = {}): DynamicModule {
 *     return defineRootCache(this, options, restExtension(controller));
 *   }
 *   static override forRootAsync<A extends unknown[]>({ controller, ...options }: FullAsyncOptions<A>): DynamicModule {
 *     return defineRootCacheAsync(this, options, restExtension(controller));
 *   }
 * }
 * ```
 *
 * What the extension provides lives in the module of the default cache: it can inject `EnhancedCacheService` and
 * `CACHE_OPTIONS`, and judges its own extras in a provider factory, so that a bad one stops the boot as well.
 * `forFeature` is inherited as it is.
 */
@Module({})
export class EnhancedCacheModule {
  /** The default cache. One call in an app: a second one stops the boot, as further caches have names. */
  static forRoot(options: EnhancedCacheModuleOptions = {}): DynamicModule {
    return defineRootCache(this, options);
  }

  /** {@link forRoot} with options that other providers take part in. */
  static forRootAsync<A extends unknown[] = never[]>(options: EnhancedCacheModuleAsyncOptions<A>): DynamicModule {
    return defineRootCacheAsync(this, options);
  }

  /**
   * A further cache with limits of its own, injected by `@InjectCache(name)` and used by `@Cacheable({ cache: name })`.
   * The name must be unique in the app.
   */
  static forFeature(name: string, options: EnhancedCacheFeatureOptions = {}): DynamicModule {
    return defineFeatureCache(this, name, options);
  }

  /** {@link forFeature} with options that other providers take part in. */
  static forFeatureAsync<A extends unknown[] = never[]>(
    name: string,
    options: EnhancedCacheModuleAsyncOptions<A>,
  ): DynamicModule {
    return defineFeatureCacheAsync(this, name, options);
  }
}
