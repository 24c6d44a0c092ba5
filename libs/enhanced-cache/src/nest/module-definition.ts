import type { DynamicModule, FactoryProvider, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { InvalidOptionsError } from '../engine/errors.js';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import { type CacheRegistry, CacheRegistryModule } from './cache-registry.js';
import {
  type EnhancedCacheFeatureOptions,
  type EnhancedCacheModuleAsyncOptions,
  type EnhancedCacheModuleOptions,
  type EnhancedCacheOptionsFactory,
  judgeCacheOptions,
  judgeIsGlobal,
} from './enhanced-cache.options.js';
import type { CacheOptions } from './redis-option.js';
import { EnhancedCacheService } from './enhanced-cache.service.js';
import { CACHE_CLAIM, CACHE_OPTIONS, CACHE_REGISTRY, ENHANCED_CACHE, getCacheToken } from './tokens.js';

/** What a module adds to that of the default cache; its providers and controllers can inject `EnhancedCacheService`. */
export type CacheModuleExtension = Pick<ModuleMetadata, 'imports' | 'controllers' | 'providers' | 'exports'>;

/** The module of the default cache, as `module`, with everything that `extension` adds. */
export function defineRootCache(
  module: Type,
  options: EnhancedCacheModuleOptions,
  extension: CacheModuleExtension = {},
): DynamicModule {
  const { isGlobal, ...cacheOptions } = asObject('forRoot', options);
  return rootCache(module, isGlobal, judgedValue(cacheOptions), [], extension);
}

/** {@link defineRootCache} with options that come from a factory or a class. */
export function defineRootCacheAsync<A extends unknown[]>(
  module: Type,
  options: EnhancedCacheModuleAsyncOptions<A>,
  extension: CacheModuleExtension = {},
): DynamicModule {
  const { isGlobal, imports = [] } = asObject('forRootAsync', options);
  return rootCache(module, isGlobal, judgedFactory('forRootAsync', options), imports, extension);
}

/** The module of the cache called `name`. */
export function defineFeatureCache(module: Type, name: string, options: EnhancedCacheFeatureOptions): DynamicModule {
  const { isGlobal, ...cacheOptions } = asObject('forFeature', options);
  return featureCache(module, name, isGlobal, judgedValue(cacheOptions), []);
}

/** {@link defineFeatureCache} with options that come from a factory or a class. */
export function defineFeatureCacheAsync<A extends unknown[]>(
  module: Type,
  name: string,
  options: EnhancedCacheModuleAsyncOptions<A>,
): DynamicModule {
  const { isGlobal, imports = [] } = asObject('forFeatureAsync', options);
  return featureCache(module, name, isGlobal, judgedFactory('forFeatureAsync', options), imports);
}

type Imports = NonNullable<ModuleMetadata['imports']>;

function rootCache(
  module: Type,
  isGlobal: unknown,
  options: Provider[],
  imports: Imports,
  extension: CacheModuleExtension,
): DynamicModule {
  return {
    module,
    global: judgeIsGlobal(isGlobal),
    imports: [CacheRegistryModule, ...imports, ...(extension.imports ?? [])],
    controllers: extension.controllers ?? [],
    providers: [
      ...options,
      claim(undefined),
      EnhancedCacheService,
      { provide: ENHANCED_CACHE, useExisting: EnhancedCacheService },
      ...(extension.providers ?? []),
    ],
    exports: [EnhancedCacheService, ENHANCED_CACHE, ...(extension.exports ?? [])],
  };
}

function featureCache(
  module: Type,
  name: string,
  isGlobal: unknown,
  options: Provider[],
  imports: Imports,
): DynamicModule {
  if (typeof name !== 'string' || name === '') throw new InvalidOptionsError('name', 'a non-empty string', name);
  const cache: FactoryProvider = {
    provide: getCacheToken(name),
    inject: [CACHE_OPTIONS],
    useFactory: (given: EnhancedCacheOptions) => {
      if (given.name !== undefined)
        throw new InvalidOptionsError('name', 'the first argument of forFeature()', given.name);
      return new EnhancedCacheService({ ...given, name });
    },
  };
  return {
    module,
    global: judgeIsGlobal(isGlobal),
    imports: [CacheRegistryModule, ...imports],
    providers: [...options, claim(name), cache],
    exports: [cache.provide],
  };
}

/** Options are judged in a factory, so that a bad one fails the boot of the app and not the import of a file. */
function judgedValue(options: CacheOptions): Provider[] {
  return [{ provide: CACHE_OPTIONS, useFactory: () => judgeCacheOptions(options) }];
}

function judgedFactory<A extends unknown[]>(method: string, options: EnhancedCacheModuleAsyncOptions<A>): Provider[] {
  const { useFactory, useClass, useExisting, inject = [] } = options;
  const given = Object.entries({ useFactory, useClass, useExisting }).filter(([, value]) => value !== undefined);
  if (given.length !== 1) {
    const names = given.map(([name]) => name).join(' and ') || 'none of them';
    throw new InvalidOptionsError(method, 'one of useFactory, useClass and useExisting', names);
  }
  if (useFactory) {
    const make = async (...args: unknown[]) => judgeCacheOptions(await useFactory(...(args as A)));
    return [{ provide: CACHE_OPTIONS, useFactory: make, inject }];
  }
  const make = async (factory: EnhancedCacheOptionsFactory) => judgeCacheOptions(await factory.createCacheOptions());
  const judged: Provider = { provide: CACHE_OPTIONS, useFactory: make, inject: [useClass ?? useExisting!] };
  return useClass ? [judged, { provide: useClass, useClass }] : [judged];
}

function claim(name: string | undefined): Provider {
  return {
    provide: CACHE_CLAIM,
    useFactory: (registry: CacheRegistry) => registry.claim(name),
    inject: [CACHE_REGISTRY],
  };
}

function asObject<T>(method: string, options: T): T {
  if (typeof options !== 'object' || options === null) {
    throw new InvalidOptionsError(method, 'an object of options', options);
  }
  return options;
}
