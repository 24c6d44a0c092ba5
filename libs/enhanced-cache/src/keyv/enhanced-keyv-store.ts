import { EventEmitter } from 'node:events';
import { EnhancedCache } from '../engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import { walkEntries } from './walk-entries.js';

/** One write of {@link EnhancedKeyvStore.setMany}. */
export interface KeyvEntry {
  key: string;
  value: unknown;
  /** Milliseconds. */
  ttl?: number;
}

/** Marks what a store wrote under a namespace. */
const tagOf = (namespace: string): string => `keyv:${namespace}`.slice(0, MAX_TAG_LENGTH);
const MAX_TAG_LENGTH = 256;

/**
 * The engine as a storage adapter of Keyv 5: `new Keyv({ store: new EnhancedKeyvStore() })`.
 *
 * Keyv asks it with keys that begin with its namespace, and for values that it has serialized. Lifetimes are
 * milliseconds, as everywhere in Keyv; none, or 0, is for ever. `clear` removes what this store wrote, of its namespace
 * where it has one, and nothing that others keep in the same cache.
 */
export class EnhancedKeyvStore extends EventEmitter {
  /** Keyv puts its own here. */
  namespace: string | undefined;
  readonly cache: EnhancedCache;
  /** What Keyv looks at to know a store by. */
  readonly opts: { readonly dialect: string; readonly url: string } = { dialect: 'enhanced-cache', url: '' };
  readonly #ownsCache: boolean;

  /** @param cache a cache to keep values in, or the options of one of its own, which `disconnect` closes. */
  constructor(cache: EnhancedCache | EnhancedCacheOptions = {}) {
    super();
    this.#ownsCache = !(cache instanceof EnhancedCache);
    this.cache = cache instanceof EnhancedCache ? cache : new EnhancedCache(cache);
  }

  async get<T>(key: string): Promise<T | undefined> {
    return this.cache.getSync<T>(key);
  }

  async getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]> {
    return keys.map((key) => this.cache.getSync<T>(key));
  }

  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    await this.cache.set(key, value, { ttl: ttl ? ttl / 1000 : null, tags: [ALL, tagOf(this.#namespaceOf(key))] });
    return true;
  }

  async setMany(entries: readonly KeyvEntry[]): Promise<void> {
    for (const { key, value, ttl } of entries) await this.set(key, value, ttl);
  }

  async delete(key: string): Promise<boolean> {
    return this.cache.delete(key);
  }

  /** Whether one of `keys` was there. */
  async deleteMany(keys: readonly string[]): Promise<boolean> {
    return (await this.cache.mdelete(keys)) > 0;
  }

  async clear(): Promise<void> {
    await this.cache.deleteByTags([this.namespace === undefined ? ALL : tagOf(this.namespace)]);
  }

  async has(key: string): Promise<boolean> {
    return this.cache.has(key);
  }

  async hasMany(keys: readonly string[]): Promise<boolean[]> {
    return Promise.all(keys.map((key) => this.cache.has(key)));
  }

  /** Keys and values as Keyv gave them, of one namespace or of all, page by page. */
  iterator<T>(namespace?: string): AsyncGenerator<[key: string, value: T], void> {
    return walkEntries(this.cache, namespace === undefined ? ALL : tagOf(namespace));
  }

  async disconnect(): Promise<void> {
    if (this.#ownsCache) await this.cache.close();
  }

  /** Two Keyvs may share a store, which then has the namespace of the later one: what the key says goes first. */
  #namespaceOf(key: string): string {
    const { namespace } = this;
    if (namespace !== undefined && key.startsWith(`${namespace}:`)) return namespace;
    const end = key.indexOf(':');
    return end < 0 ? (namespace ?? '') : key.slice(0, end);
  }
}

/** Carried by everything that a store wrote. */
const ALL = 'keyv';
