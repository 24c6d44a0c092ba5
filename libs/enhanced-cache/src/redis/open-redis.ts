import { findMaster } from './find-master.js';
import type { NodeRedisClient, NodeRedisCluster } from './node-redis-types.js';
import { openCluster } from './open-cluster.js';
import { openServer } from './open-server.js';
import type { OpenLine } from './redis-line.js';
import type { RedisTierOptions } from './redis-tier-options.js';

/** No attempt of the client's own: a connection that is lost is opened anew, so that the gap is known. */
const ONCE = { reconnectStrategy: false } as const;

/** How lines are opened to the place that `options`, which were judged, name. */
export function openRedis(options: RedisTierOptions, connectTimeout: number): OpenLine {
  const socketOf = (given: unknown): object => ({ connectTimeout, ...(given as object | undefined), ...ONCE });
  const { url, client, cluster, sentinel } = options;
  if (cluster) {
    return openCluster((redis, own, defaults) =>
      redis.createCluster({
        ...own,
        rootNodes: cluster.nodes.map((node) => ({ url: node })),
        nodeAddressMap: cluster.nodeAddressMap,
        defaults: { ...cluster.defaults, ...defaults, socket: socketOf(cluster.defaults?.socket) },
      }),
    );
  }
  if (sentinel) {
    return openServer(async (redis, own, signal) => {
      const { sentinels, name, sentinelOptions = {} } = sentinel;
      const asked = { ...sentinelOptions, socket: socketOf(sentinelOptions.socket) };
      const address = await findMaster(redis, sentinels, name, asked, signal);
      return redis.createClient({
        ...sentinel.options,
        ...own,
        socket: { ...socketOf(sentinel.options?.socket), ...address },
      });
    });
  }
  if (client && isCluster(client)) {
    return openCluster((_redis, own, defaults) => {
      const given = (Reflect.get(client, '_options') as { defaults?: unknown } | undefined)?.defaults as
        Record<string, unknown> | undefined;
      return client.duplicate({ ...own, defaults: { ...given, ...defaults, socket: socketOf(given?.socket) } });
    });
  }
  if (client) {
    return openServer(async (_redis, own) => client.duplicate({ ...own, socket: socketOf(optionsOf(client).socket) }));
  }
  return openServer(async (redis, own) =>
    redis.createClient({ url, ...options.options, ...own, socket: socketOf(options.options?.socket) }),
  );
}

function isCluster(client: NodeRedisClient | NodeRedisCluster): client is NodeRedisCluster {
  return 'masters' in client;
}

/** Of a client that is not ours; those of a cluster are not shown in this way. */
function optionsOf(client: object): Record<string, unknown> {
  return ((Reflect.get(client, 'options') as object | undefined) ?? {}) as Record<string, unknown>;
}
