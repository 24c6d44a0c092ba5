import type { TierFactory } from '../engine/ports/second-tier.js';
import { openRedis } from './open-redis.js';
import { RedisTier } from './redis-tier.js';
import { type RedisTierOptions, resolveRedisOptions } from './redis-tier-options.js';

/**
 * Redis as the second tier of a cache: `new EnhancedCache({ tier: redisTier({ url }) })`.
 *
 * A cache starts whether Redis is there or not, and joins it when it appears.
 *
 * @throws {InvalidOptionsError} naming the option that cannot work.
 */
export function redisTier(options: RedisTierOptions): TierFactory {
  const resolved = resolveRedisOptions(options);
  const open = openRedis(options, resolved.times.connectDeadlineMs);
  return { attach: (host) => new RedisTier(resolved, open, host) };
}
