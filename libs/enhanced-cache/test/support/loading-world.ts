import { type CacheAssembly, assembleCache } from '../../src/engine/cache-assembly.js';
import type { Loader } from '../../src/engine/cache-types.js';
import type { Duration } from '../../src/engine/duration.js';
import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { getMany } from '../../src/engine/loading/bulk-load.js';
import { type LoadOptions, resolveLoad } from '../../src/engine/loading/load-options.js';
import type { EnhancedCacheOptions } from '../../src/engine/options/options.js';
import { resolveOptions } from '../../src/engine/options/resolve-options.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';

/** The loading side of a cache with its parts in view, on time that stands still and without jitter. */
export class LoadingWorld {
  readonly clock = new FakeClock();
  readonly parts: CacheAssembly;

  constructor(options: EnhancedCacheOptions = {}) {
    const scratch = (): EnhancedCache => new EnhancedCache({ clock: this.clock });
    this.parts = assembleCache(resolveOptions({ clock: this.clock, random: () => 0, ...options }), scratch(), scratch);
  }

  get<T>(key: string, load: Loader<T>, options?: LoadOptions | Duration | null): Promise<T> {
    return this.parts.readThrough.get(key, load, this.#how(options));
  }

  getMany<T>(keys: string[], load: Parameters<typeof getMany<T>>[1], options?: LoadOptions): Promise<Map<string, T>> {
    return getMany(keys, load, this.#how(options), this.parts.readThrough, this.parts.gate);
  }

  /** What is left of loads: all 0 once everything has ended. */
  leftovers(): Record<string, number> {
    const { flights, fence, gate } = this.parts;
    return {
      joinable: flights.size,
      running: flights.running.size,
      openTokens: fence.openTokens,
      remembered: fence.remembered,
      placesHeld: gate.running,
      queued: gate.queued,
    };
  }

  #how(options?: LoadOptions | Duration | null): ReturnType<typeof resolveLoad> {
    const { defaultTtlMs, loading } = this.parts.core.options;
    return resolveLoad(options, defaultTtlMs, loading);
  }
}

export const NOTHING_LEFT: Readonly<Record<string, number>> = {
  joinable: 0,
  running: 0,
  openTokens: 0,
  remembered: 0,
  placesHeld: 0,
  queued: 0,
};
