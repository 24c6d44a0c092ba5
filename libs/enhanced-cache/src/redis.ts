export { redisTier } from './redis/redis-tier-factory.js';
export type { RedisClusterOptions, RedisSentinelOptions, RedisTierOptions } from './redis/redis-tier-options.js';
export type { NodeRedisClient, NodeRedisCluster } from './redis/node-redis-types.js';
export type { RecordFormat } from './redis/records.js';
