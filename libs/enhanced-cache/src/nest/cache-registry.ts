import { Global, Inject, Injectable, Module, type NestModule } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { InvalidOptionsError } from '../engine/errors.js';
import type { EnhancedCacheService } from './enhanced-cache.service.js';
import { AppliedRules } from './interceptor/applied-rules.js';
import { OutermostInterceptor } from './interceptor/outermost.interceptor.js';
import { APPLIED_RULES, CACHE_REGISTRY, getCacheToken } from './tokens.js';

/**
 * Finds the caches of one app by name, for decorators and the interceptor: they work in modules that do not import the
 * cache, and with what a test put in its place, as the provider is looked up, not remembered from its making.
 */
@Injectable()
export class CacheRegistry {
  readonly #names = new Set<string | undefined>();
  #adopted: EnhancedCacheService | undefined;
  readonly #found = new Map<string | undefined, EnhancedCacheService>();

  constructor(@Inject(ModuleRef) private readonly moduleRef: ModuleRef) {}

  /**
   * Reserves the name for one cache of this app; `undefined` is the default cache.
   *
   * @throws {InvalidOptionsError} where a cache has it already.
   */
  claim(name: string | undefined): void {
    if (this.#names.has(name)) {
      throw name === undefined
        ? new InvalidOptionsError(
            'forRoot',
            'one call in an app; make further caches with forFeature(name)',
            'a second one',
          )
        : new InvalidOptionsError('name', 'a name that no other forFeature() of this app has', name);
    }
    this.#names.add(name);
  }

  /** Offers a cache for the use of decorators and the interceptor where no module declares the default one. */
  adopt(cache: EnhancedCacheService): void {
    this.#adopted ??= cache;
  }

  /**
   * The cache of that name. `undefined` where there is no default cache, or the cache is not made yet: providers are
   * still being constructed.
   *
   * @throws {InvalidOptionsError} for a name that no `forFeature()` made.
   */
  find(name?: string): EnhancedCacheService | undefined {
    const found = this.#found.get(name);
    if (found) return found;
    if (!this.#names.has(name)) {
      if (name === undefined) return this.#adopted;
      const known = [...this.#names].filter((each) => each !== undefined).join(', ') || 'none';
      throw new InvalidOptionsError('cache', `the name of a cache made by forFeature() (known: ${known})`, name);
    }
    const cache = this.moduleRef.get<EnhancedCacheService | null>(getCacheToken(name), { strict: false });
    if (!cache) return undefined;
    this.#found.set(name, cache);
    return cache;
  }
}

/** One instance an app, whatever number of cache modules it has. */
@Global()
@Module({
  providers: [
    { provide: CACHE_REGISTRY, useClass: CacheRegistry },
    { provide: APPLIED_RULES, useClass: AppliedRules },
    OutermostInterceptor,
  ],
  exports: [CACHE_REGISTRY, APPLIED_RULES],
})
export class CacheRegistryModule implements NestModule {
  constructor(@Inject(OutermostInterceptor) private readonly outermost: OutermostInterceptor) {}

  /** Not for middleware: it is the one hook of a module that runs after `useGlobalInterceptors()` and before routes are made. */
  configure(): void {
    this.outermost.takePlace();
  }
}
