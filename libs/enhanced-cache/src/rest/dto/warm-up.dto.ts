import { ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import type { EntryInput } from '../../engine/cache-types.js';
import type { Duration } from '../../engine/duration.js';
import { EntryDto } from './entry.dto.js';
import { LIFETIME_SCHEMA, lifetime, tags, TAGS_SCHEMA } from './entry-fields.js';
import { anyJson, Field, isObject, type Judge, optional, plainObject } from './field.js';
import { unknownFields } from './wire-input.js';
import { describe } from '../../engine/errors.js';

/**
 * The shape of each entry is judged as a whole, so that a misspelt field is a 400; whether one can be stored is told
 * entry by entry in the answer, as the rest is stored all the same.
 */
const entryList: Judge = (value, field) => {
  if (!Array.isArray(value)) return `${field}: expected an array of entries, received ${describe(value)}`;
  for (let i = 0; i < value.length; i++) {
    const problem = entryShape(value[i], `${field}[${i}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
};

function entryShape(entry: unknown, place: string): string | undefined {
  if (!isObject(entry)) return `${place}: expected an object, received ${describe(entry)}`;
  const unknown = unknownFields(EntryDto, entry, `${place}.`);
  if (unknown.length > 0) return unknown[0];
  if (typeof entry.key !== 'string') return `${place}.key: expected a string, received ${describe(entry.key)}`;
  return anyJson(entry.value, `${place}.value`);
}

/** Body of `POST /warm-up`: one of `data` and `entries`. */
export class WarmUpDto {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Values by their keys.',
    example: { 'user:42': { name: 'Ada' }, 'user:43': { name: 'Grace' } },
  })
  @Field(optional(plainObject))
  data?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'array',
    items: { $ref: getSchemaPath(EntryDto) },
    description: 'Entries with what belongs to each, in place of `data`.',
    example: [{ key: 'user:42', value: { name: 'Ada' }, ttl: '5m', tags: ['users'] }],
  })
  @Field(optional(entryList))
  entries?: EntryInput[];

  @ApiPropertyOptional({ ...LIFETIME_SCHEMA, description: 'Lifetime of entries that name none.', example: 300 })
  @Field(optional(lifetime))
  ttl?: Duration | null;

  @ApiPropertyOptional({ ...TAGS_SCHEMA, description: 'Tags of entries that name none.', example: ['users'] })
  @Field(optional(tags))
  tags?: string[];
}
