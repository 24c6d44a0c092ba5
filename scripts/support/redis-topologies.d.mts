import type { RedisServer } from './redis-server.mjs';

export function startCluster(masters?: number): Promise<RedisServer[]>;
export function startSentinel(
  name: string,
  downAfterMs?: number,
): Promise<{ master: RedisServer; replica: RedisServer; sentinel: RedisServer }>;
