import {
  type DynamicModule,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type OnModuleDestroy,
  type OptionalFactoryDependency,
  type Provider,
  type Type,
} from '@nestjs/common';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import { CacheRegistry, CacheRegistryModule } from '../nest/cache-registry.js';
import { EnhancedCacheService } from '../nest/enhanced-cache.service.js';
import { CACHE_REGISTRY } from '../nest/tokens.js';
import { CACHE_MANAGER } from './cache-decorators.js';
import type { CacheManager, CacheStore } from './cache-manager.types.js';
import { CacheFacade, type EngineCacheOptions } from './create-cache.js';
import { EngineStore } from './engine-store.js';
import { type GivenStores, givenStores } from './given-stores.js';

/** What the factories of `CacheModule.registerAsync()` give: options of @nestjs/cache-manager, and those of the engine. */
export interface CacheManagerOptions extends Omit<EngineCacheOptions, 'stores'> {
  /** Stores of Keyv, of cacheable, or storage adapters of Keyv; one or several, the fastest first. @default one of the engine */
  stores?: GivenStores;
  /** What the keys of storage adapters begin with. @default nothing */
  namespace?: string;
}

/** {@link CacheManagerOptions} by its other name. */
export type CacheOptions = CacheManagerOptions;

/** Options of `CacheModule.register()`. */
export interface CacheModuleOptions extends CacheManagerOptions {
  /** Whether every module of the app can inject the cache. @default false */
  isGlobal?: boolean;
}

/** Makes the options; for `useClass` and `useExisting`. */
export interface CacheOptionsFactory {
  createCacheOptions(): CacheManagerOptions | Promise<CacheManagerOptions>;
}

/** Exactly one of `useFactory`, `useClass` and `useExisting`. */
export interface CacheModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  isGlobal?: boolean;
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  // Arguments of a factory are known to those who write it.
  useFactory?: (...args: never[]) => CacheManagerOptions | Promise<CacheManagerOptions>;
  useClass?: Type<CacheOptionsFactory>;
  useExisting?: InjectionToken<CacheOptionsFactory>;
  extraProviders?: Provider[];
}

/** The token of a cache by its type: `constructor(private readonly cache: Cache)`. */
export abstract class Cache implements CacheManager {
  abstract readonly get: CacheManager['get'];
  abstract readonly mget: CacheManager['mget'];
  abstract readonly ttl: CacheManager['ttl'];
  abstract readonly set: CacheManager['set'];
  abstract readonly mset: CacheManager['mset'];
  abstract readonly del: CacheManager['del'];
  abstract readonly mdel: CacheManager['mdel'];
  abstract readonly clear: CacheManager['clear'];
  abstract readonly wrap: CacheManager['wrap'];
  abstract readonly on: CacheManager['on'];
  abstract readonly off: CacheManager['off'];
  abstract readonly disconnect: CacheManager['disconnect'];
  abstract readonly cacheId: CacheManager['cacheId'];
  abstract readonly stores: CacheStore[];
}

/** The token of the options of a module. */
export const CACHE_MODULE_OPTIONS = Symbol('CACHE_MODULE_OPTIONS');
const ENGINE = Symbol('cache-manager engine');

/**
 * The module of @nestjs/cache-manager over the engine of this package. Each registration is a cache of its own. Responses
 * of handlers are kept in the cache of the first one of an app.
 */
@Module({})
export class CacheModule {
  static register(options: CacheModuleOptions = {}): DynamicModule {
    const { isGlobal, ...given } = options;
    return defineCache(isGlobal, [], [{ provide: CACHE_MODULE_OPTIONS, useValue: given }]);
  }

  static registerAsync(options: CacheModuleAsyncOptions): DynamicModule {
    const { isGlobal, imports = [], inject = [], useFactory, useClass, useExisting, extraProviders = [] } = options;
    const make = (factory: CacheOptionsFactory) => factory.createCacheOptions();
    const given: Provider[] = useFactory
      ? [{ provide: CACHE_MODULE_OPTIONS, useFactory, inject }]
      : [{ provide: CACHE_MODULE_OPTIONS, useFactory: make, inject: [useClass ?? useExisting!] }];
    const own: Provider[] = useClass ? [{ provide: useClass, useClass }] : [];
    return defineCache(isGlobal, imports, [...given, ...own, ...extraProviders]);
  }
}

function defineCache(
  isGlobal = false,
  imports: NonNullable<ModuleMetadata['imports']>,
  options: Provider[],
): DynamicModule {
  return {
    module: CacheModule,
    global: isGlobal,
    imports: [CacheRegistryModule, ...imports],
    providers: [
      ...options,
      { provide: ENGINE, useFactory: makeEngine, inject: [CACHE_MODULE_OPTIONS, CACHE_REGISTRY] },
      { provide: CACHE_MANAGER, useFactory: makeManager, inject: [CACHE_MODULE_OPTIONS, ENGINE] },
      { provide: Cache, useExisting: CACHE_MANAGER },
    ],
    exports: [CACHE_MANAGER, Cache],
  };
}

/** A service, so that it closes with the app and warns in Nest's log; the first one of an app keeps the responses. */
function makeEngine(options: CacheManagerOptions, registry: CacheRegistry): EnhancedCacheService {
  const {
    stores: _stores,
    ttl,
    refreshThreshold: _t,
    refreshAllStores: _a,
    nonBlocking: _n,
    cacheId: _id,
    namespace: _namespace,
    ...own
  } = options;
  const engineOptions: EnhancedCacheOptions = {
    isolation: 'shared',
    ...own,
    defaultTtl: ttl ? ttl / 1000 : null,
  };
  const engine = new EnhancedCacheService(engineOptions);
  registry.adopt(engine);
  return engine;
}

async function makeManager(options: CacheManagerOptions, engine: EnhancedCacheService): Promise<CacheManager> {
  const { stores, namespace, ttl, refreshThreshold, refreshAllStores, nonBlocking, cacheId } = options;
  const own = { ttl, refreshThreshold, refreshAllStores, nonBlocking, cacheId };
  const given = await givenStores(stores ?? [], { ttl, namespace });
  return given.length > 0 ? new GivenStoresFacade(given, own) : new CacheFacade([new EngineStore(engine)], own);
}

/** Lets go of the stores of an app with the app. That of the engine goes with its service. */
class GivenStoresFacade extends CacheFacade implements OnModuleDestroy {
  async onModuleDestroy(): Promise<void> {
    await this.disconnect();
  }
}
