import {
  CompressionLevel,
  type Duration,
  durationToMs,
  type EnhancedCacheOptions,
  EvictionPolicy,
} from 'nestjs-enhanced-cache/core';
import type { EnvReader } from './env-reader.js';

/** Which variable decides which option; the library judges whatever depends on more than one of them. */
const READERS = {
  CACHE_MAX_SIZE: (env: EnvReader, name: string) => ({ maxSize: env.integer(name, 1, 2 ** 24) }),
  CACHE_MAX_MEMORY_MB: (env: EnvReader, name: string) => ({ maxMemoryMb: env.positiveNumber(name, 'MiB') }),
  CACHE_MAX_VALUE_MB: (env: EnvReader, name: string) => ({ maxValueMb: env.positiveNumber(name, 'MiB') }),
  CACHE_MAX_KEY_LENGTH: (env: EnvReader, name: string) => ({ maxKeyLength: env.integer(name, 1, 2 ** 20) }),
  CACHE_DEFAULT_TTL: (env: EnvReader, name: string) => ({ defaultTtl: lifetime(env, name) }),
  CACHE_EVICTION_POLICY: (env: EnvReader, name: string) => ({
    evictionPolicy: env.oneOf(name, Object.values(EvictionPolicy)),
  }),
  CACHE_COMPRESSION_LEVEL: (env: EnvReader, name: string) => ({ compressionLevel: compressionLevel(env, name) }),
  CACHE_COMPRESSION_THRESHOLD: (env: EnvReader, name: string) => ({
    compressionThreshold: env.integer(name, 0, Number.MAX_SAFE_INTEGER),
  }),
  CACHE_ANALYTICS: (env: EnvReader, name: string) => ({ enableAnalytics: env.flag(name) }),
  CACHE_ISOLATION: (env: EnvReader, name: string) => ({ isolation: env.oneOf(name, ['copy', 'frozen', 'shared']) }),
  CACHE_MEMORY_PRESSURE: (env: EnvReader, name: string) => ({ memoryPressure: env.flag(name) }),
} satisfies Record<string, (env: EnvReader, name: string) => EnhancedCacheOptions>;

export const CACHE_VARIABLES: readonly string[] = Object.keys(READERS);

/** An option whose variable is not given is left to the library's default. */
export function readCacheConfig(env: EnvReader): EnhancedCacheOptions {
  const options: EnhancedCacheOptions = {};
  for (const [variable, read] of Object.entries(READERS)) Object.assign(options, read(env, variable));
  return options;
}

function lifetime(env: EnvReader, variable: string): Duration | null | undefined {
  const expected = `seconds > 0, a duration such as 30s, 5m or 1h, or never`;
  const read = env.parse(variable, expected, (text): { ttl: Duration | null } | undefined => {
    if (text.toLowerCase() === 'never') return { ttl: null };
    const seconds = Number(text);
    const ttl = Number.isNaN(seconds) ? text : seconds;
    return isDuration(ttl) ? { ttl } : undefined;
  });
  return read?.ttl;
}

function isDuration(ttl: Duration): boolean {
  try {
    return durationToMs(ttl) > 0;
  } catch {
    return false;
  }
}

/** By number or by name, as the REST route that changes it takes it. */
function compressionLevel(env: EnvReader, variable: string): CompressionLevel | undefined {
  const levels = Object.entries(CompressionLevel);
  const expected = `one of ${levels.map(([name, level]) => `${level} (${name.toLowerCase()})`).join(', ')}`;
  return env.parse(
    variable,
    expected,
    (text) => levels.find(([name, level]) => text === String(level) || text.toUpperCase() === name)?.[1],
  );
}
