import { InvalidOptionsError } from 'nestjs-enhanced-cache/core';
import { type RedisTierOptions, redisTier } from 'nestjs-enhanced-cache/redis';
import { ConfigurationError, type EnvReader } from './env-reader.js';

/**
 * The Redis of `REDIS_URL`; `undefined` where none is named.
 *
 * @throws {ConfigurationError} that does not show the URL, which may hold a password.
 */
export function readRedisConfig(env: EnvReader): RedisTierOptions | undefined {
  const url = env.text('REDIS_URL');
  if (url === undefined) return undefined;
  const options: RedisTierOptions = { url, keyPrefix: env.text('REDIS_KEY_PREFIX') };
  try {
    redisTier(options);
  } catch (error) {
    if (!(error instanceof InvalidOptionsError)) throw error;
    const variable = error.option === 'redis.keyPrefix' ? 'REDIS_KEY_PREFIX' : 'REDIS_URL';
    throw new ConfigurationError(variable, `expected ${error.expected}`);
  }
  return options;
}
