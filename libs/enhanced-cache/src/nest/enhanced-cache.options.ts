import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';
import { InvalidOptionsError } from '../engine/errors.js';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import { resolveOptions } from '../engine/options/resolve-options.js';
import { type CacheOptions, engineOptions } from './redis-option.js';

/** Options that shape the module graph: they are read before any factory runs, so an async factory cannot return them. */
export interface EnhancedCacheModuleExtras {
  /**
   * Whether every module of the app can inject the cache. `false`: only those that import this one; decorators find the
   * cache either way.
   * @default true
   */
  isGlobal?: boolean;
}

/** What `EnhancedCacheModule.forRoot()` takes: the options of the cache and {@link EnhancedCacheModuleExtras}. */
export interface EnhancedCacheModuleOptions extends CacheOptions, EnhancedCacheModuleExtras {}

/** Makes the options of the cache; for `useClass` and `useExisting`. */
export interface EnhancedCacheOptionsFactory {
  createCacheOptions(): CacheOptions | Promise<CacheOptions>;
}

/** Exactly one of `useFactory`, `useClass` and `useExisting`. */
export interface EnhancedCacheModuleAsyncOptions<A extends unknown[] = never[]>
  extends EnhancedCacheModuleExtras, Pick<ModuleMetadata, 'imports'> {
  inject?: (InjectionToken | OptionalFactoryDependency)[];
  useFactory?: (...args: A) => CacheOptions | Promise<CacheOptions>;
  useClass?: Type<EnhancedCacheOptionsFactory>;
  useExisting?: InjectionToken<EnhancedCacheOptionsFactory>;
}

/** A named cache has its name from `forFeature(name)`. */
export type EnhancedCacheFeatureOptions = Omit<EnhancedCacheModuleOptions, 'name'>;

/** Options that belong to the module call, with the sentence for those who give them elsewhere. */
const MISPLACED: Readonly<Record<string, string>> = {
  isGlobal: 'beside useFactory, not in the options that it returns',
  controller:
    `to stand in EnhancedCacheModule of 'nestjs-enhanced-cache', the entry point with the REST controller ` +
    `(in forRootAsync beside useFactory); here there is none`,
};

/**
 * Judges the options of one cache, wherever they came from, so that a bad one stops the boot.
 *
 * @throws {InvalidOptionsError} naming the option, the value and what is allowed.
 */
export function judgeCacheOptions(options: CacheOptions): EnhancedCacheOptions | Promise<EnhancedCacheOptions> {
  if (typeof options === 'object' && options !== null) {
    for (const [name, expected] of Object.entries(MISPLACED)) {
      const value: unknown = Reflect.get(options, name);
      if (value !== undefined) throw new InvalidOptionsError(name, expected, value);
    }
  }
  // Whoever gives no object is told so by the engine.
  const given = typeof options === 'object' && options !== null ? engineOptions(options) : options;
  return given instanceof Promise ? given.then(judged) : judged(given);
}

function judged(options: EnhancedCacheOptions): EnhancedCacheOptions {
  resolveOptions(options);
  return options;
}

/** @throws {InvalidOptionsError} where `isGlobal` is not a boolean. */
export function judgeIsGlobal(isGlobal: unknown = true): boolean {
  if (typeof isGlobal !== 'boolean') throw new InvalidOptionsError('isGlobal', 'a boolean', isGlobal);
  return isGlobal;
}
