import { loadConfig } from './app.config.js';
import { ConfigurationError } from './config/env-reader.js';

const SECRET = 's'.repeat(32);

function refusal(environment: Record<string, string>): string {
  try {
    loadConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('starts from an empty environment with the documented defaults', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      port: 8000,
      host: '0.0.0.0',
      adapter: 'express',
      bodyLimitBytes: 16 * 1024 * 1024,
      production: false,
      catalogDb: ':memory:',
      warnings: [],
    });
    expect(Object.values(config.cache).filter((value) => value !== undefined)).toEqual([]);
  });

  it('never shows what stands in REDIS_URL', () => {
    expect(loadConfig({}).redis).toBeUndefined();
    expect(refusal({ REDIS_URL: 'http://user:secret@host' })).toBe(
      'REDIS_URL: expected redis://host:port or rediss://host:port',
    );
    expect(refusal({ REDIS_URL: 'redis://host', REDIS_KEY_PREFIX: 'a|b' })).toMatch(
      /^REDIS_KEY_PREFIX: expected 1 to 128/,
    );
  });

  it('reads every variable of its table', () => {
    const config = loadConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      HTTP_ADAPTER: 'Fastify',
      HTTP_BODY_LIMIT_MB: '0.5',
      JWT_SECRET: SECRET,
      CATALOG_DB: 'catalog.db',
      REDIS_URL: 'redis://user:secret@127.0.0.1:6380/1',
      REDIS_KEY_PREFIX: 'shop',
      CACHE_MAX_SIZE: '500',
      CACHE_MAX_MEMORY_MB: '12.5',
      CACHE_MAX_VALUE_MB: '2',
      CACHE_MAX_KEY_LENGTH: '64',
      CACHE_DEFAULT_TTL: '5m',
      CACHE_EVICTION_POLICY: 'LRU',
      CACHE_COMPRESSION_LEVEL: 'max',
      CACHE_COMPRESSION_THRESHOLD: '0',
      CACHE_ANALYTICS: 'false',
      CACHE_ISOLATION: 'frozen',
      CACHE_MEMORY_PRESSURE: 'false',
    });
    expect(config).toEqual({
      port: 0,
      host: '127.0.0.1',
      adapter: 'fastify',
      bodyLimitBytes: 512 * 1024,
      production: false,
      auth: { secret: SECRET, generated: false },
      catalogDb: 'catalog.db',
      redis: { url: 'redis://user:secret@127.0.0.1:6380/1', keyPrefix: 'shop' },
      cache: {
        maxSize: 500,
        maxMemoryMb: 12.5,
        maxValueMb: 2,
        maxKeyLength: 64,
        defaultTtl: '5m',
        evictionPolicy: 'lru',
        compressionLevel: 9,
        compressionThreshold: 0,
        enableAnalytics: false,
        isolation: 'frozen',
        memoryPressure: false,
      },
      warnings: [],
    });
  });

  it.each([
    ['30', 30],
    ['0.5', 0.5],
    ['250ms', '250ms'],
    ['never', null],
  ])('reads the lifetime %s as %p', (text, ttl) => {
    expect(loadConfig({ CACHE_DEFAULT_TTL: text }).cache.defaultTtl).toBe(ttl);
  });

  it('counts an empty or blank variable as not given', () => {
    expect(loadConfig({ PORT: '', HOST: '  ', CACHE_MAX_SIZE: '' })).toMatchObject({ port: 8000, host: '0.0.0.0' });
  });

  it.each([
    ['PORT', '65536', '0 to 65535'],
    ['PORT', '-1', '0 to 65535'],
    ['PORT', '80.5', '0 to 65535'],
    ['PORT', 'http', '0 to 65535'],
    ['HTTP_ADAPTER', 'koa', 'express, fastify'],
    ['HTTP_BODY_LIMIT_MB', '0', 'MiB > 0'],
    ['CACHE_MAX_SIZE', '0', 'from 1'],
    ['CACHE_MAX_SIZE', '1e3', 'from 1'],
    ['CACHE_MAX_MEMORY_MB', '-5', 'MiB > 0'],
    ['CACHE_MAX_MEMORY_MB', 'Infinity', 'MiB > 0'],
    ['CACHE_MAX_VALUE_MB', 'big', 'MiB > 0'],
    ['CACHE_MAX_KEY_LENGTH', '0', 'from 1'],
    ['CACHE_DEFAULT_TTL', '0', 'seconds > 0'],
    ['CACHE_DEFAULT_TTL', '5 weeks', 'seconds > 0'],
    ['CACHE_EVICTION_POLICY', 'fifo', 'lru, lfu, ttl, size, hybrid'],
    ['CACHE_COMPRESSION_LEVEL', '5', '0 (none), 1 (fast), 6 (default), 9 (max)'],
    ['CACHE_COMPRESSION_THRESHOLD', '-1', 'from 0'],
    ['CACHE_ANALYTICS', 'yes', 'true, false'],
    ['CACHE_ISOLATION', 'none', 'copy, frozen, shared'],
    ['CACHE_MEMORY_PRESSURE', 'on', 'true, false'],
  ])('refuses %s=%s, naming the variable, the value and what is allowed', (variable, value, allowed) => {
    const message = refusal({ [variable]: value });
    expect(message.startsWith(`${variable}: `)).toBe(true);
    expect(message).toContain(JSON.stringify(value));
    expect(message).toContain(allowed);
  });

  it('takes NODE_ENV=production as it is meant: no start without a key', () => {
    expect(refusal({ NODE_ENV: 'production' })).toContain('JWT_SECRET');
    expect(loadConfig({ NODE_ENV: 'production', JWT_SECRET: SECRET }).production).toBe(true);
  });

  it('warns of a CACHE_ variable that it does not know, and starts all the same', () => {
    const { warnings } = loadConfig({ CACHE_MAXSIZE: '5', CACHED: 'x' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^CACHE_MAXSIZE .*CACHE_MAX_SIZE/);
  });
});
