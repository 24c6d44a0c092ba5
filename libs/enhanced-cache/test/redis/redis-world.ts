import { FaultProxy } from '../../../../scripts/support/fault-proxy.mjs';
import { RedisServer, type RedisServerOptions } from '../../../../scripts/support/redis-server.mjs';
import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../../src/engine/options/options.js';
import { redisTier } from '../../src/redis/redis-tier-factory.js';
import type { RedisTierOptions } from '../../src/redis/redis-tier-options.js';

/** Shorter than by default, so that what depends on them is over sooner. */
export const DEADLINE_MS = 100;
export const HEARTBEAT_MS = 200;
export const LEASE_MS = 300;
const TIMES = {
  deadline: `${DEADLINE_MS}ms`,
  heartbeat: `${HEARTBEAT_MS}ms`,
  awayTtl: '1s',
  lease: `${LEASE_MS}ms`,
} as const;

/** A value of the source, which knows whose it is and how new. */
export interface Versioned {
  readonly key: string;
  readonly version: number;
}

/** One instance of an app: a cache, its own way to Redis, and what went wrong there. */
export interface Instance {
  readonly cache: EnhancedCache;
  readonly proxy: FaultProxy;
  readonly errors: string[];
}

/** A redis-server, a few instances that share it, and the source behind them. */
export class RedisWorld {
  static async start(
    instances: number,
    options: RedisTierOptions = {},
    server?: RedisServerOptions,
  ): Promise<RedisWorld> {
    const world = new RedisWorld(await RedisServer.start(server));
    for (let i = 0; i < instances; i++) await world.join(options);
    return world;
  }

  readonly instances: Instance[] = [];
  readonly versions = new Map<string, number>();
  readonly #changes = new Map<string, Promise<void>>();
  /** How many times the source was asked. */
  loads = 0;

  constructor(readonly server: RedisServer) {}

  /** One more instance; it is joined when this resolves. */
  async join(options: RedisTierOptions = {}, cacheOptions: EnhancedCacheOptions = {}): Promise<Instance> {
    const instance = await this.add(options, cacheOptions);
    await joined(instance.cache);
    return instance;
  }

  /** One more instance, joined or not. */
  async add(options: RedisTierOptions = {}, cacheOptions: EnhancedCacheOptions = {}): Promise<Instance> {
    const proxy = await FaultProxy.start(this.server.port);
    const place = options.client || options.cluster || options.sentinel ? {} : { url: proxy.url };
    const tier = redisTier({ ...place, keyPrefix: 'world', ...TIMES, ...options });
    const cache = new EnhancedCache({ memoryPressure: false, ...cacheOptions, tier });
    const instance: Instance = { cache, proxy, errors: [] };
    cache.on('error', ({ operation, error }) => instance.errors.push(`${operation}: ${String(error)}`));
    this.instances.push(instance);
    return instance;
  }

  async leave(instance: Instance): Promise<void> {
    this.instances.splice(this.instances.indexOf(instance), 1);
    await instance.cache.close();
    await instance.proxy.close();
  }

  async close(): Promise<void> {
    await Promise.all([...this.instances].map((instance) => this.leave(instance)));
    await this.server.close();
  }

  version(key: string): number {
    return this.versions.get(key) ?? 0;
  }

  /** Changes the source. */
  bump(key: string): Versioned {
    const version = this.version(key) + 1;
    this.versions.set(key, version);
    return { key, version };
  }

  async load(key: string): Promise<Versioned> {
    this.loads++;
    const version = this.version(key);
    await new Promise((resolve) => setImmediate(resolve));
    return { key, version };
  }

  read({ cache }: Instance, key: string): Promise<Versioned> {
    return cache.getOrSet(key, () => this.load(key), { ttl: 60, tags: ['all'], jitter: 0 });
  }

  write({ cache }: Instance, key: string): Promise<void> {
    return this.#change(key, () => cache.set(key, this.bump(key), { ttl: 60, tags: ['all'] }));
  }

  invalidate({ cache }: Instance, key: string): Promise<void> {
    return this.#change(key, async () => {
      this.bump(key);
      await cache.delete(key);
    });
  }

  /** Changes of one key come one after the other: of two at a time nobody could say which value is the newer. */
  #change(key: string, change: () => Promise<void>): Promise<void> {
    const last = (this.#changes.get(key) ?? Promise.resolve()).then(change);
    this.#changes.set(
      key,
      last.catch(() => undefined),
    );
    return last;
  }

  /** Keys that an instance answers with another version than that of the source. */
  async differences(keys: readonly string[]): Promise<string[]> {
    const found = await Promise.all(
      this.instances.flatMap((instance, i) =>
        keys.map(async (key) => {
          const { version } = await this.read(instance, key);
          return version === this.version(key) ? [] : [`instance ${i}: ${key} is ${version}, not ${this.version(key)}`];
        }),
      ),
    );
    return found.flat();
  }

  /** Milliseconds until no instance differs from the source any more; rejects with the differences after `withinMs`. */
  async converged(keys: readonly string[], withinMs = 5000): Promise<number> {
    const startedAt = Date.now();
    for (;;) {
      const differences = await this.differences(keys);
      const tookMs = Date.now() - startedAt;
      const isJoined = this.instances.every(({ cache }) => stateOf(cache) === 'joined');
      if (differences.length === 0 && isJoined) return tookMs;
      if (tookMs > withinMs) throw new Error([`after ${tookMs} ms:`, ...differences, ...this.states()].join('\n'));
      await sleep(10);
    }
  }

  states(): string[] {
    return this.instances.map(({ cache }) => JSON.stringify(cache.getStats().tier));
  }
}

export function stateOf(cache: EnhancedCache): 'joined' | 'away' | undefined {
  return cache.getStats().tier?.state;
}

export function joined(cache: EnhancedCache, withinMs = 5000): Promise<void> {
  return until(
    () => stateOf(cache) === 'joined',
    withinMs,
    () => `not joined: ${cache.getStats().tier?.reason}`,
  );
}

export function away(cache: EnhancedCache, withinMs = 5000): Promise<void> {
  return until(
    () => stateOf(cache) === 'away',
    withinMs,
    () => 'still joined',
  );
}

/** Resolves as soon as `isSo`; rejects with `problem` after `withinMs`. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs = 5000,
  problem = () => 'it did not come true',
): Promise<void> {
  const startedAt = Date.now();
  while (!(await isSo())) {
    if (Date.now() - startedAt > withinMs) throw new Error(problem());
    await sleep(2);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
