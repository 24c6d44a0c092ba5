import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { EnhancedCache } from '../engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import type { Clock } from '../engine/ports/clock.js';
import { SystemClock } from '../engine/ports/system-clock.js';
import { CACHE_OPTIONS } from './tokens.js';

/**
 * The cache as a Nest provider: the whole of {@link EnhancedCache}, its warnings in Nest's log, closed when the app
 * shuts down. It closes last, after the server took its last request, so that no request meets a closed cache.
 */
@Injectable()
export class EnhancedCacheService extends EnhancedCache implements OnApplicationShutdown {
  /** The clock that the cache runs on. */
  readonly clock: Clock;
  readonly #revived: ReadonlySet<unknown>;
  readonly #keepsEveryClass: boolean;

  constructor(@Inject(CACHE_OPTIONS) options: EnhancedCacheOptions = {}) {
    const clock = options.clock ?? new SystemClock();
    const logger = new Logger(options.name ? `EnhancedCache(${options.name})` : 'EnhancedCache');
    super({ ...options, clock, onWarning: options.onWarning ?? ((message) => logger.warn(message)) });
    this.clock = clock;
    this.#revived = new Set(options.types);
    this.#keepsEveryClass = options.isolation === 'frozen' || options.isolation === 'shared';
  }

  /**
   * Whether a hit returns instances of `type` as instances: always in `frozen` and `shared` isolation, in `copy` where
   * the class stands in `types`.
   */
  keepsInstancesOf(type: unknown): boolean {
    return this.#keepsEveryClass || this.#revived.has(type);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }
}
