import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Duration } from '../../engine/duration.js';
import { MAX_PRIORITY, MIN_PRIORITY } from '../../engine/entry/entry-attributes.js';
import { cost, LIFETIME_SCHEMA, lifetime, priority, tags, TAGS_SCHEMA } from './entry-fields.js';
import { anyJson, Field, optional, plainObject, text } from './field.js';

/** Body of `POST /set`, and an entry of `POST /warm-up`. */
export class EntryDto {
  @ApiProperty({ type: String, description: 'Any non-empty text.', example: 'user:42' })
  @Field(text)
  key: string;

  @ApiProperty({ description: 'Any JSON value.', nullable: true, example: { name: 'Ada', admin: true }, type: Object })
  @Field(anyJson)
  value: unknown;

  @ApiPropertyOptional({
    ...LIFETIME_SCHEMA,
    description: `Lifetime: seconds, a duration such as '5m', or null for ever. Default: that of the cache.`,
    example: 300,
  })
  @Field(optional(lifetime))
  ttl?: Duration | null;

  @ApiPropertyOptional({ ...TAGS_SCHEMA, description: 'Names to invalidate by.', example: ['users'] })
  @Field(optional(tags))
  tags?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: MIN_PRIORITY,
    maximum: MAX_PRIORITY,
    default: 0,
    description: 'Higher outlives lower when room is needed.',
    example: 0,
  })
  @Field(optional(priority))
  priority?: number;

  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    default: 1,
    description: 'Seconds that it takes to recreate the value.',
    example: 0.25,
  })
  @Field(optional(cost))
  cost?: number;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Any JSON object to keep beside the value.',
    example: { source: 'crm' },
  })
  @Field(optional(plainObject))
  metadata?: Record<string, unknown>;
}
