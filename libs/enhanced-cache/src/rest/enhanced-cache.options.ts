import type { InjectionToken, Type } from '@nestjs/common';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import { type CacheOptions, engineOptions } from '../nest/redis-option.js';
import type {
  EnhancedCacheModuleAsyncOptions as LeanAsyncOptions,
  EnhancedCacheModuleExtras as LeanExtras,
  EnhancedCacheOptionsFactory as LeanOptionsFactory,
} from '../nest/enhanced-cache.options.js';
import type { CacheControllerOptions, CacheControllerValues } from './controller-options.js';

/** Options that shape the module graph: an async factory cannot return them, they stand beside it. */
export interface EnhancedCacheModuleExtras extends LeanExtras {
  /**
   * The built-in REST controller; `false` for none. Where it is, it needs {@link CacheControllerOptions.auth}.
   * @default { path: 'api/v1/enhanced-cache' }, auth required
   */
  controller?: false | CacheControllerOptions;
}

/** What `EnhancedCacheModule.forRoot()` takes. */
export interface EnhancedCacheModuleOptions extends CacheOptions, EnhancedCacheModuleExtras {}

/** What a factory of `forRootAsync` returns: options of the cache, and the key that guards its REST API. */
export interface EnhancedCacheAsyncValues extends CacheOptions {
  /** `auth` here or in the extra of that name, not in both. */
  controller?: CacheControllerValues;
}

/** Makes the options of the cache; for `useClass` and `useExisting`. */
export interface EnhancedCacheOptionsFactory extends LeanOptionsFactory {
  createCacheOptions(): EnhancedCacheAsyncValues | Promise<EnhancedCacheAsyncValues>;
}

/** Exactly one of `useFactory`, `useClass` and `useExisting`. */
export interface EnhancedCacheModuleAsyncOptions<A extends unknown[] = never[]>
  extends
    EnhancedCacheModuleExtras,
    Omit<LeanAsyncOptions<A>, 'useFactory' | 'useClass' | 'useExisting' | keyof LeanExtras> {
  useFactory?: (...args: A) => EnhancedCacheAsyncValues | Promise<EnhancedCacheAsyncValues>;
  useClass?: Type<EnhancedCacheOptionsFactory>;
  useExisting?: InjectionToken<EnhancedCacheOptionsFactory>;
}

/**
 * What factories returned for the controller, by the options that the cache got instead: these are what one boot has in
 * its container, so that two apps of one module class never see each other's.
 */
const returnedControllers = new WeakMap<object, unknown>();

/** What the factory that made `cacheOptions` returned under `controller`. */
export function returnedController(cacheOptions: object): unknown {
  return returnedControllers.get(cacheOptions);
}

/** The same async options for a module that knows nothing of a controller. */
export function withoutController<A extends unknown[]>(
  options: Omit<EnhancedCacheModuleAsyncOptions<A>, 'controller'>,
): LeanAsyncOptions<never[]> {
  const { useFactory, useClass, useExisting, inject = [], ...rest } = options;
  const sources = [useFactory, useClass, useExisting].filter((source) => source !== undefined);
  // None or several: that module has the sentence for it.
  if (sources.length !== 1) return options as LeanAsyncOptions<never[]>;
  if (useFactory) {
    return {
      ...rest,
      inject,
      useFactory: async (...args: never[]) => split(await useFactory(...(args as never as A))),
    };
  }
  return {
    ...rest,
    inject: [useClass ?? useExisting!],
    useFactory: async (...[factory]: EnhancedCacheOptionsFactory[]) => split(await factory.createCacheOptions()),
  };
}

/** What the cache gets: the very object that it will have, so that its controller is found by it. */
async function split(values: EnhancedCacheAsyncValues): Promise<EnhancedCacheOptions> {
  if (typeof values !== 'object' || values === null) return values;
  const { controller, ...given } = values;
  const cacheOptions = await engineOptions(given);
  returnedControllers.set(cacheOptions, controller);
  return cacheOptions;
}
