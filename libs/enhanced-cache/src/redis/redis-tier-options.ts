import { type Duration, durationToMs } from '../engine/duration.js';
import { InvalidOptionsError } from '../engine/errors.js';
import type { Address } from './find-master.js';
import type { LinkTimes } from './link.js';
import type { NodeRedisClient, NodeRedisCluster } from './node-redis-types.js';
import type { RecordFormat } from './records.js';

/** A cluster, by some of its nodes. */
export interface RedisClusterOptions {
  /** Nodes to ask for the others, as `redis://host:port`. */
  nodes: readonly string[];
  /** Options of the connections to all nodes, as `defaults` of node-redis's `createCluster`: `username`, `password`, `socket`. */
  defaults?: Record<string, unknown>;
  /** Other addresses for those that the cluster names, as node-redis takes them. */
  nodeAddressMap?: unknown;
}

/** A master that Sentinels watch. */
export interface RedisSentinelOptions {
  /** Its name. */
  name: string;
  /** Sentinels to ask where it is, one after the other. */
  sentinels: readonly Address[];
  /** Options of the connection to the master, as node-redis's `createClient` takes them. */
  options?: Record<string, unknown>;
  /** Options of the connections to Sentinels. @default none */
  sentinelOptions?: Record<string, unknown>;
}

/** Exactly one of `url`, `client`, `cluster` and `sentinel` says where Redis is. */
export interface RedisTierOptions {
  /** `redis://` or `rediss://`, with user and password where there are such. */
  url?: string;
  /** With {@link url}: further options of the connection, as node-redis's `createClient` takes them. */
  options?: Record<string, unknown>;
  /** A client or cluster of node-redis 6. It is duplicated and itself left alone; whether it is connected does not matter. */
  client?: NodeRedisClient | NodeRedisCluster;
  cluster?: RedisClusterOptions;
  sentinel?: RedisSentinelOptions;
  /**
   * Begins every key, before a bar: caches with the same prefix share their entries. 1 to 128 characters, no bar, no spaces.
   * @default 'enhanced-cache:' and the name of the cache
   */
  keyPrefix?: string;
  /** How values are written. `'json'`: as one line of JSON each, for people with redis-cli; larger and slower. @default 'binary' */
  format?: RecordFormat;
  /** The longest that memory keeps a value that Redis has too. `null`: as long as Redis has it. @default null */
  memoryTtl?: Duration | null;
  /** The longest that memory keeps a value while Redis is out of reach, and no change is heard of. @default '10s' */
  awayTtl?: Duration;
  /** The longest that an answer of Redis is waited for. @default '250ms' */
  deadline?: Duration;
  /** How often it is made sure that nothing was missed. @default '1s' */
  heartbeat?: Duration;
  /** How long a process that loads a value keeps others waiting if it dies meanwhile. @default '10s' */
  lease?: Duration;
  /** Whether `set` waits until Redis has the value. Invalidations always do, within the deadline. @default true */
  awaitWrites?: boolean;
}

export interface ResolvedRedisOptions {
  readonly keyPrefix: string | undefined;
  readonly format: RecordFormat;
  readonly memoryTtlMs: number;
  readonly awayTtlMs: number;
  readonly leaseMs: number;
  readonly awaitWrites: boolean;
  readonly times: LinkTimes;
}

const PLACES = ['url', 'client', 'cluster', 'sentinel'] as const;
const KNOWN: readonly string[] = [
  ...PLACES,
  'options',
  'keyPrefix',
  'format',
  'memoryTtl',
  'awayTtl',
  'deadline',
  'heartbeat',
  'lease',
  'awaitWrites',
] satisfies (keyof RedisTierOptions)[];
const KEY_PREFIX = /^[^|\s\p{Cc}]{1,128}$/u;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1000;
const CONNECT_DEADLINE_MS = 1000;

/**
 * The only place where defaults are applied and options judged.
 *
 * @throws {InvalidOptionsError} naming the first option that is unknown or cannot work; never with a URL in it.
 */
export function resolveRedisOptions(options: RedisTierOptions): ResolvedRedisOptions {
  if (typeof options !== 'object' || options === null) throw new InvalidOptionsError('redis', 'an object', options);
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) {
      throw new InvalidOptionsError(
        `redis.${name}`,
        `no option of that name (known: ${KNOWN.join(', ')})`,
        '(not shown)',
      );
    }
  }
  const places = PLACES.filter((place) => options[place] !== undefined);
  if (places.length !== 1) {
    throw new InvalidOptionsError(
      'redis',
      `exactly one of ${PLACES.join(', ')}`,
      places.join(' and ') || 'none of them',
    );
  }
  judgePlace(options);
  const { keyPrefix, format = 'binary', awaitWrites = true } = options;
  const { awayTtl = '10s', lease = '10s', deadline = '250ms', heartbeat = '1s' } = options;
  if (keyPrefix !== undefined && (typeof keyPrefix !== 'string' || !KEY_PREFIX.test(keyPrefix))) {
    throw new InvalidOptionsError('redis.keyPrefix', '1 to 128 characters without bars and spaces', keyPrefix);
  }
  if (format !== 'binary' && format !== 'json') {
    throw new InvalidOptionsError('redis.format', `'binary' or 'json'`, format);
  }
  if (typeof awaitWrites !== 'boolean')
    throw new InvalidOptionsError('redis.awaitWrites', 'true or false', awaitWrites);
  return {
    keyPrefix,
    format,
    memoryTtlMs: durationToMs(options.memoryTtl ?? null, 'redis.memoryTtl'),
    awayTtlMs: finite('redis.awayTtl', awayTtl),
    leaseMs: finite('redis.lease', lease),
    awaitWrites,
    times: {
      deadlineMs: finite('redis.deadline', deadline),
      heartbeatMs: finite('redis.heartbeat', heartbeat),
      connectDeadlineMs: CONNECT_DEADLINE_MS,
      firstRetryMs: FIRST_RETRY_MS,
      lastRetryMs: LAST_RETRY_MS,
    },
  };
}

function judgePlace({ url, options, client, cluster, sentinel }: RedisTierOptions): void {
  if (url !== undefined && !(typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url))) {
    throw new InvalidOptionsError('redis.url', 'redis://host:port or rediss://host:port', '(not shown)');
  }
  if (options !== undefined && url === undefined) {
    throw new InvalidOptionsError('redis.options', 'to stand beside url', '(not shown)');
  }
  if (client !== undefined && typeof Reflect.get(Object(client), 'duplicate') !== 'function') {
    throw new InvalidOptionsError('redis.client', 'a client or cluster of node-redis', client);
  }
  if (cluster !== undefined && !(Array.isArray(cluster.nodes) && cluster.nodes.length > 0)) {
    throw new InvalidOptionsError('redis.cluster.nodes', 'at least one URL', cluster.nodes);
  }
  if (sentinel !== undefined && !(typeof sentinel.name === 'string' && Array.isArray(sentinel.sentinels))) {
    throw new InvalidOptionsError('redis.sentinel', '{ name, sentinels: [{ host, port }] }', sentinel);
  }
}

function finite(option: string, duration: Duration): number {
  const ms = durationToMs(duration, option);
  if (ms === Infinity) throw new InvalidOptionsError(option, 'a duration', duration);
  return ms;
}
