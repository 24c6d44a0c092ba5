import { EventEmitter } from 'node:events';
import type { EnhancedCache } from '../engine/enhanced-cache.js';
import { variantTag } from '../http/request-key.js';
import { asStoredResponse } from '../http/stored-response.js';
import { walkEntries } from '../keyv/walk-entries.js';
import type { CacheStore, RawValue } from './cache-manager.types.js';

/** The engine as a store of a {@link import('./cache-manager.types.js').CacheManager}. */
export class EngineStore extends EventEmitter implements CacheStore {
  /** @param now wall-clock milliseconds. */
  constructor(
    readonly cache: EnhancedCache,
    private readonly now: () => number = Date.now,
  ) {
    super();
  }

  get<T>(key: string): Promise<T | undefined>;
  get<T>(key: string, options: { raw: true }): Promise<RawValue<T> | undefined>;
  async get<T>(key: string, options?: { raw?: boolean }): Promise<T | RawValue<T> | undefined> {
    const value = plainOf<T>(this.cache.getSync(key));
    if (value === undefined || !options?.raw) return value;
    const left = await this.cache.ttl(key);
    return typeof left === 'number' ? { value, expires: this.now() + left * 1000 } : { value };
  }

  async getMany<T>(keys: string[]): Promise<(T | undefined)[]> {
    return keys.map((key) => plainOf<T>(this.cache.getSync(key)));
  }

  /** `undefined` is not stored: it is what a miss returns. */
  async set(key: string, value: unknown, ttl?: number): Promise<boolean> {
    if (value === undefined) await this.delete(key);
    else if (ttl !== undefined && ttl < 0) await this.delete(key);
    else await this.cache.set(key, value, ttl ? ttl / 1000 : null);
    return true;
  }

  async setMany(entries: { key: string; value: unknown; ttl?: number }[]): Promise<boolean[]> {
    return Promise.all(entries.map(({ key, value, ttl }) => this.set(key, value, ttl)));
  }

  /** Removes the entry, and the responses that single callers have under its key. */
  async delete(key: string): Promise<boolean> {
    const wasThere = await this.cache.delete(key);
    return (await this.cache.deleteByTags([variantTag(key)])) > 0 || wasThere;
  }

  async deleteMany(keys: string[]): Promise<boolean> {
    const outcomes = await Promise.all(keys.map((key) => this.delete(key)));
    return outcomes.some(Boolean);
  }

  async has(key: string): Promise<boolean> {
    return this.cache.has(key);
  }

  /** Keys and values, as that of a Keyv; of handlers, what they answered. */
  async *iterator<T>(): AsyncGenerator<[key: string, value: T], void> {
    for await (const [key, value] of walkEntries(this.cache)) yield [key, plainOf<T>(value) as T];
  }

  async clear(): Promise<void> {
    await this.cache.clear();
  }

  async disconnect(): Promise<void> {
    await this.cache.close();
  }
}

/** What a handler answered, where an interceptor keeps its response under the key. */
function plainOf<T>(value: unknown): T | undefined {
  const response = asStoredResponse(value);
  if (!response) return value as T | undefined;
  const text = response.body === undefined ? '' : response.body.toString();
  const isJson = response.headers.some(([name, type]) => name === 'content-type' && String(type).includes('json'));
  return (isJson ? JSON.parse(text) : text) as T;
}
