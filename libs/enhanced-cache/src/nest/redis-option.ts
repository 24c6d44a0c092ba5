import type { EnhancedCacheOptions } from '../engine/options/options.js';
import type { RedisTierOptions } from '../redis/redis-tier-options.js';

/** The options of a cache in a Nest app: the engine's, and Redis in place of a tier. */
export interface CacheOptions extends EnhancedCacheOptions {
  /** A Redis that the instances of the app share as second tier; short for `tier: redisTier(...)`. @default none */
  redis?: RedisTierOptions;
}

/** The engine's options of `options`. What is needed for Redis is loaded where it is asked for, and only there. */
export function engineOptions(given: CacheOptions): EnhancedCacheOptions | Promise<EnhancedCacheOptions> {
  if (given.redis === undefined && !('redis' in given)) return given;
  const { redis, ...options } = given;
  return redis === undefined ? options : withRedis(options, redis);
}

async function withRedis(options: EnhancedCacheOptions, redis: RedisTierOptions): Promise<EnhancedCacheOptions> {
  const { redisTier } = await import('../redis/redis-tier-factory.js');
  return { ...options, tier: redisTier(redis) };
}
