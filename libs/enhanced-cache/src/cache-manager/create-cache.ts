import { EventEmitter } from 'node:events';
import { EnhancedCache } from '../engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import type {
  CacheManager,
  CacheStore,
  CreateCacheOptions,
  Events,
  RawValue,
  StoredValue,
  WrapOptions,
} from './cache-manager.types.js';
import { EngineStore } from './engine-store.js';
import { SharedCalls } from './shared-calls.js';

/** Options of cache-manager, and of the engine where no `stores` are given. */
export type EngineCacheOptions = CreateCacheOptions & Omit<EnhancedCacheOptions, 'defaultTtl'>;

/**
 * The `createCache()` of cache-manager 7 over this engine, or over the stores that it is given.
 *
 * What differs is what is wrong there: a load that fails with a falsy reason fails for all who wait for it, and an error of
 * a background write is an event and no unhandled rejection.
 */
export function createCache(options: EngineCacheOptions = {}): CacheManager {
  const { stores, ttl, refreshThreshold, refreshAllStores, nonBlocking, cacheId, ...engineOptions } = options;
  const own = { ttl, refreshThreshold, refreshAllStores, nonBlocking, cacheId };
  if (stores?.length) return new CacheFacade(stores, own);
  return new CacheFacade([engineStore(engineOptions)], own);
}

/** In `shared` mode, as the default store of cache-manager: class instances and functions of a value stay what they are. */
function engineStore(options: EnhancedCacheOptions): EngineStore {
  return new EngineStore(new EnhancedCache({ isolation: 'shared', ...options, defaultTtl: null }));
}

/** Of all caches, by their names: two of one name share what they load, as in cache-manager. */
const loads = new SharedCalls();
const refreshes = new SharedCalls();

export class CacheFacade implements CacheManager {
  readonly #events = new EventEmitter();
  readonly #id: string;

  constructor(
    readonly stores: CacheStore[],
    private readonly options: Omit<CreateCacheOptions, 'stores'>,
  ) {
    this.#id = options.cacheId ?? Math.random().toString(36).slice(2);
  }

  readonly get = async <T>(key: string): Promise<T | undefined> => {
    if (this.options.nonBlocking) return this.#first('get', { key }, (store) => store.get<T>(key));
    for (const [i, store] of this.stores.entries()) {
      const label = labelOf(i);
      try {
        const value = await store.get<T>(key);
        if (value !== undefined) {
          this.#emit('get', { key, value, store: label });
          return value;
        }
      } catch (error) {
        this.#emit('get', { key, error, store: label });
      }
    }
    return undefined;
  };

  readonly mget = async <T>(keys: string[]): Promise<(T | undefined)[]> => {
    const values: (T | undefined)[] = keys.map(() => undefined);
    if (this.options.nonBlocking) {
      const first = await this.#first('mget', { keys }, (store) => store.getMany<T>(keys));
      if (first) values.splice(0, values.length, ...first);
    } else {
      for (const store of this.stores) {
        const missing = keys.map((_, i) => i).filter((i) => values[i] === undefined);
        if (missing.length === 0) break;
        try {
          const found = await store.getMany<T>(missing.map((i) => keys[i]));
          found.forEach((value, i) => (values[missing[i]] = value));
        } catch (error) {
          this.#emit('mget', { keys, error });
        }
      }
    }
    this.#emit('mget', { keys, values });
    return values;
  };

  readonly ttl = async (key: string): Promise<number | undefined> => {
    const raw = (store: CacheStore): Promise<StoredValue<unknown> | undefined> => store.get(key, { raw: true });
    if (this.options.nonBlocking) return (await this.#first('ttl', { key }, raw))?.expires || undefined;
    for (const store of this.stores) {
      try {
        const found = await raw(store);
        if (found !== undefined) {
          this.#emit('ttl', { key, value: found });
          return found.expires || undefined;
        }
      } catch (error) {
        this.#emit('ttl', { key, error });
      }
    }
    return undefined;
  };

  readonly set = async <T>(key: string, value: T, ttl?: number): Promise<T> => {
    await this.#setIn(this.stores, key, value, ttl);
    return value;
  };

  readonly mset = async <T>(list: { key: string; value: T; ttl?: number }[]) => {
    const entries = list.map(({ key, value, ttl }) => ({ key, value, ttl: ttl ?? this.options.ttl }));
    await this.#write('mset', { list: entries }, (store) => store.setMany(entries as never));
    return entries as { key: string; value: T; ttl?: number }[];
  };

  readonly del = async (key: string): Promise<boolean> => {
    await this.#write('del', { key }, (store) => store.delete(key));
    return true;
  };

  readonly mdel = async (keys: string[]): Promise<boolean> => {
    await this.#write('mdel', { keys }, (store) => Promise.all(keys.map((key) => store.delete(key))));
    return true;
  };

  readonly clear = async (): Promise<boolean> => {
    await this.#write('clear', undefined, (store) => store.clear());
    return true;
  };

  readonly wrap = (async <T>(
    key: string,
    fnc: () => T | Promise<T>,
    ttlOrOptions?: WrapOptions<T>['ttl'] | (WrapOptions<T> & { raw?: true }),
    refreshThreshold?: WrapOptions<T>['refreshThreshold'],
  ): Promise<T | RawValue<T>> => {
    const how = typeof ttlOrOptions === 'object' ? ttlOrOptions : { ttl: ttlOrOptions, refreshThreshold };
    const isRaw = 'raw' in how && how.raw;
    const found = await loads.run(`${this.#id}::${key}`, () => this.#wrap(key, fnc, how));
    return isRaw ? found : found.value;
  }) as CacheManager['wrap'];

  readonly on = <E extends keyof Events>(event: E, listener: Events[E]): EventEmitter =>
    this.#events.on(event, listener);

  readonly off = <E extends keyof Events>(event: E, listener: Events[E]): EventEmitter =>
    this.#events.off(event, listener);

  readonly disconnect = async (): Promise<undefined> => {
    await Promise.all(this.stores.map((store) => store.disconnect()));
    return undefined;
  };

  readonly cacheId = (): string => this.#id;

  async #wrap<T>(key: string, fnc: () => T | Promise<T>, how: WrapOptions<T>): Promise<RawValue<T>> {
    const ttlOf = (value: T): number | undefined => valueFor(how.ttl, value) ?? this.options.ttl;
    const [index, found] = await this.#find<T>(key);
    if (found === undefined) {
      const value = await fnc();
      const ttl = ttlOf(value);
      await this.#setIn(this.stores, key, value, ttl);
      return ttl ? { value, expires: Date.now() + ttl } : { value };
    }
    const { value, expires } = found;
    const threshold = valueFor(how.refreshThreshold, value) ?? this.options.refreshThreshold;
    const left = expires === undefined ? undefined : Math.max(0, expires - Date.now());
    if (left !== undefined && threshold !== undefined && left < threshold) {
      this.#refresh(key, fnc, value, index, ttlOf);
    } else if (index > 0) {
      await this.#setIn(this.stores.slice(0, index), key, value, ttlOf(value));
    }
    return found;
  }

  /** The first store that has it, and what it has. A store that fails counts as empty. */
  async #find<T>(key: string): Promise<[index: number, found: RawValue<T> | undefined]> {
    for (const [index, store] of this.stores.entries()) {
      try {
        const found = await store.get<T>(key, { raw: true });
        if (found?.value !== undefined) {
          const { value, expires } = found;
          return [index, typeof expires === 'number' ? { value, expires } : { value }];
        }
      } catch (error) {
        this.#emit('get', { key, error, store: labelOf(index) });
      }
    }
    return [this.stores.length, undefined];
  }

  #refresh<T>(
    key: string,
    fnc: () => T | Promise<T>,
    old: T,
    index: number,
    ttlOf: (value: T) => number | undefined,
  ): void {
    const stores = this.options.refreshAllStores ? this.stores : this.stores.slice(0, index + 1);
    const renew = async (): Promise<void> => {
      try {
        const value = await fnc();
        await this.#setIn(stores, key, value, ttlOf(value));
        this.#emit('refresh', { key, value });
      } catch (error) {
        this.#emit('refresh', { key, value: old, error });
      }
    };
    void refreshes.run(`${this.#id}::${key}`, renew);
  }

  async #setIn(stores: readonly CacheStore[], key: string, value: unknown, ttl?: number): Promise<void> {
    const lifetime = ttl ?? this.options.ttl;
    const write = async (store: CacheStore): Promise<void> => {
      await store.set(key, value, lifetime);
      this.#emit('set', { key, value, store: labelOf(this.stores.indexOf(store)) });
    };
    await this.#write('set', { key, value }, write, stores);
  }

  /** Does `work` on all stores, and says that it is done, or that it failed; `nonBlocking` does not wait for it. */
  async #write(
    event: keyof Events,
    data: object | undefined,
    work: (store: CacheStore) => Promise<unknown>,
    stores: readonly CacheStore[] = this.stores,
  ): Promise<void> {
    const failed = (error: unknown): void => this.#emit(event, data === undefined ? error : { ...data, error });
    // A store may throw at once.
    const all = Promise.all(stores.map(async (store) => work(store)));
    if (this.options.nonBlocking) {
      all.catch(failed);
    } else {
      try {
        await all;
      } catch (error) {
        failed(error);
        throw error;
      }
    }
    this.#emit(event, data);
  }

  /** What the first store answers that answers at all. */
  async #first<T>(
    event: keyof Events,
    data: object,
    ask: (store: CacheStore) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    try {
      return await Promise.race(this.stores.map(ask));
    } catch (error) {
      this.#emit(event, { ...data, error });
      return undefined;
    }
  }

  #emit(event: keyof Events, data: unknown): void {
    if (data === undefined) this.#events.emit(event);
    else this.#events.emit(event, data);
  }
}

function labelOf(index: number): string {
  return index === 0 ? 'primary' : `secondary:${index - 1}`;
}

function valueFor<T>(given: number | ((value: T) => number) | undefined, value: T): number | undefined {
  return typeof given === 'function' ? given(value) : given;
}
