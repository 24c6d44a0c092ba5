import { ApiPropertyOptional } from '@nestjs/swagger';
import type { Duration } from '../../engine/duration.js';
import { CompressionLevel, EvictionPolicyName } from '../../engine/options/enums.js';
import type { Reconfiguration } from '../../engine/options/options.js';
import { LIFETIME_SCHEMA, lifetime } from './entry-fields.js';
import { expecting, Field, integerBetween, optional } from './field.js';

export const MAX_BENCHMARK_ITERATIONS = 100_000;
const LEVELS: Readonly<Record<string, CompressionLevel>> = CompressionLevel;
const POLICIES: readonly string[] = Object.values(EvictionPolicyName);

/** Body of `POST /benchmark`. */
export class BenchmarkDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_BENCHMARK_ITERATIONS,
    default: 1000,
    description: 'Sets and gets to time.',
    example: 1000,
  })
  @Field(optional(integerBetween(1, MAX_BENCHMARK_ITERATIONS)))
  iterations?: number;
}

/** Body of `POST /configure`. Bounds that depend on the engine are judged there. */
export class ConfigureDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, description: 'Most entries held.', example: 5000 })
  @Field(optional(expecting('an integer >= 1', (value) => Number.isInteger(value) && (value as number) >= 1)))
  max_size?: number;

  @ApiPropertyOptional({ ...LIFETIME_SCHEMA, description: 'Lifetime where `set` names none.', example: '1h' })
  @Field(optional(lifetime))
  default_ttl?: Duration | null;

  @ApiPropertyOptional({ enum: POLICIES, description: 'Who goes first when a limit is reached.', example: 'lru' })
  @Field(optional(expecting(`one of ${POLICIES.join(', ')}`, (value) => policyOf(value) !== undefined)))
  eviction_policy?: string;

  @ApiPropertyOptional({
    oneOf: [
      { type: 'integer', enum: Object.values(LEVELS) },
      { type: 'string', enum: Object.keys(LEVELS) },
    ],
    description: 'By number or by name, for what is stored from now on.',
    example: 'FAST',
  })
  @Field(
    optional(
      expecting(
        `one of ${Object.entries(LEVELS)
          .map(([name, level]) => `${level} (${name})`)
          .join(', ')}`,
        (value) => levelOf(value) !== undefined,
      ),
    ),
  )
  compression_level?: number | string;

  @ApiPropertyOptional({ type: Boolean, description: 'Whether top keys and patterns are sampled.', example: true })
  @Field(optional(expecting('true or false', (value) => typeof value === 'boolean')))
  enable_analytics?: boolean;

  @ApiPropertyOptional({ type: Number, exclusiveMinimum: true, minimum: 0, description: 'MiB.', example: 256 })
  @Field(optional(expecting('a number of MiB > 0', (value) => typeof value === 'number' && value > 0)))
  max_memory_mb?: number;
}

/** What the body asks for, as the engine calls it. Only fields that were given are in it. */
export function toReconfiguration(dto: ConfigureDto): Reconfiguration {
  const changes: Reconfiguration = {
    maxSize: dto.max_size,
    defaultTtl: dto.default_ttl,
    evictionPolicy: policyOf(dto.eviction_policy),
    compressionLevel: levelOf(dto.compression_level),
    enableAnalytics: dto.enable_analytics,
    maxMemoryMb: dto.max_memory_mb,
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

function levelOf(value: unknown): CompressionLevel | undefined {
  if (typeof value === 'string')
    return Object.hasOwn(LEVELS, value.toUpperCase()) ? LEVELS[value.toUpperCase()] : undefined;
  return Object.values(LEVELS).find((level) => level === value);
}

function policyOf(value: unknown): EvictionPolicyName | undefined {
  const name = typeof value === 'string' ? value.toLowerCase() : undefined;
  return Object.values(EvictionPolicyName).find((policy) => policy === name);
}
