import type { EnhancedCacheOptions } from 'nestjs-enhanced-cache/core';
import type { RedisTierOptions } from 'nestjs-enhanced-cache/redis';
import { type AuthConfig, readAuthConfig } from './config/auth.config.js';
import { CACHE_VARIABLES, readCacheConfig } from './config/cache.config.js';
import { EnvReader, type Environment } from './config/env-reader.js';
import { readRedisConfig } from './config/redis.config.js';

const BYTES_PER_MIB = 1024 * 1024;

export type HttpAdapterName = 'express' | 'fastify';

/** Everything the server was told from outside; nothing else reads the environment. */
export interface AppConfig {
  readonly port: number;
  readonly host: string;
  readonly adapter: HttpAdapterName;
  /** The largest request body that is read. */
  readonly bodyLimitBytes: number;
  readonly production: boolean;
  readonly auth: AuthConfig;
  /** File of the demo catalogue's database, or `:memory:`. */
  readonly catalogDb: string;
  readonly cache: EnhancedCacheOptions;
  /** The Redis that instances share; `undefined`: memory alone. */
  readonly redis: RedisTierOptions | undefined;
  /** One sentence each, for the log. */
  readonly warnings: readonly string[];
}

/**
 * Environment -> configuration, judged before anything is started.
 *
 * | variable                      | value                                                   | default            |
 * | ----------------------------- | ------------------------------------------------------- | ------------------ |
 * | `PORT`                        | 0 to 65535; 0 takes any free port                       | 8000               |
 * | `HOST`                        | address to listen on                                    | 0.0.0.0            |
 * | `HTTP_ADAPTER`                | `express`, `fastify`                                    | express            |
 * | `HTTP_BODY_LIMIT_MB`          | MiB > 0, the largest request body                       | 16                 |
 * | `NODE_ENV`                    | `production` demands a key below                        |                    |
 * | `JWT_SECRET`                  | 32 bytes or more; tokens are signed with HS256          | random, each start |
 * | `JWT_PUBLIC_KEY`              | PEM, line breaks may be written `\n`; instead of secret |                    |
 * | `JWT_ISSUER`                  | what tokens must name as `iss`                          | not looked at      |
 * | `JWT_AUDIENCE`                | what tokens must name in `aud`                          | not looked at      |
 * | `CATALOG_DB`                  | file of the demo database, or `:memory:`                | :memory:           |
 * | `REDIS_URL`                   | `redis://` or `rediss://`; instances share its entries  | memory alone       |
 * | `REDIS_KEY_PREFIX`            | begins every key there                                  | library's default  |
 * | `CACHE_MAX_SIZE`              | entries >= 1                                            | library's default  |
 * | `CACHE_MAX_MEMORY_MB`         | MiB > 0                                                 | library's default  |
 * | `CACHE_MAX_VALUE_MB`          | MiB > 0, at most the above                              | library's default  |
 * | `CACHE_MAX_KEY_LENGTH`        | characters >= 1                                         | library's default  |
 * | `CACHE_DEFAULT_TTL`           | seconds > 0, a duration such as `5m`, or `never`        | library's default  |
 * | `CACHE_EVICTION_POLICY`       | `lru`, `lfu`, `ttl`, `size`, `hybrid`                   | library's default  |
 * | `CACHE_COMPRESSION_LEVEL`     | 0, 1, 6, 9 or `none`, `fast`, `default`, `max`          | library's default  |
 * | `CACHE_COMPRESSION_THRESHOLD` | bytes >= 0                                              | library's default  |
 * | `CACHE_ANALYTICS`             | `true`, `false`                                         | library's default  |
 * | `CACHE_ISOLATION`             | `copy`, `frozen`, `shared`                              | library's default  |
 * | `CACHE_MEMORY_PRESSURE`       | `true`, `false`                                         | library's default  |
 *
 * An empty variable counts as not given. Any other `CACHE_...` variable is named in a warning and not refused: the
 * environment is shared, and another program's variable must not stop this one.
 *
 * @throws {ConfigurationError} naming the first variable that cannot work, what was received and what is allowed.
 */
export function loadConfig(environment: Environment): AppConfig {
  const env = new EnvReader(environment);
  const production = env.text('NODE_ENV') === 'production';
  return {
    port: env.integer('PORT', 0, 65_535) ?? 8000,
    host: env.text('HOST') ?? '0.0.0.0',
    adapter: env.oneOf('HTTP_ADAPTER', ['express', 'fastify']) ?? 'express',
    bodyLimitBytes: Math.floor((env.positiveNumber('HTTP_BODY_LIMIT_MB', 'MiB') ?? 16) * BYTES_PER_MIB),
    production,
    auth: readAuthConfig(env, production),
    catalogDb: env.text('CATALOG_DB') ?? ':memory:',
    cache: readCacheConfig(env),
    redis: readRedisConfig(env),
    warnings: warnOfUnknown(environment),
  };
}

function warnOfUnknown(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('CACHE_') && !CACHE_VARIABLES.includes(name))
    .map((name) => `${name} is no setting of this server (known: ${CACHE_VARIABLES.join(', ')})`);
}
