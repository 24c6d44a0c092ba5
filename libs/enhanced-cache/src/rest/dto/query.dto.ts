import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ExportOptions, ListOptions } from '../../engine/cache-types.js';
import { MAX_PAGE } from '../../engine/entry/entry-reader.js';
import { expecting, Field, integerTextBetween, oneOf, optional, text } from './field.js';

const anyText = expecting('a text, once', (value) => typeof value === 'string');

/** Query of `GET /get` and `DELETE /delete`. */
export class KeyQuery {
  @ApiProperty({ type: String, description: 'The key, percent-encoded as any parameter.', example: '..' })
  @Field(text)
  key: string;
}

/** Query of `GET /entries`. */
export class ListEntriesQuery {
  @ApiPropertyOptional({ type: String, description: 'Only keys that begin so.', example: 'user:' })
  @Field(optional(anyText))
  prefix?: string;

  @ApiPropertyOptional({ type: String, description: 'Only entries with this tag.', example: 'users' })
  @Field(optional(text))
  tag?: string;

  @ApiPropertyOptional({ type: String, description: '`next_cursor` of the page before.', example: '2s' })
  @Field(optional(text))
  cursor?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_PAGE,
    default: 100,
    description: 'Entries a page.',
    example: 100,
  })
  @Field(optional(integerTextBetween(1, MAX_PAGE)))
  limit?: string;
}

/** Query of `GET /export`. */
export class ExportQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'Whether the values are in it, which takes the scope `cache:admin`.',
    example: 'false',
  })
  @Field(optional(oneOf('true', 'false')))
  values?: 'true' | 'false';

  @ApiPropertyOptional({
    enum: ['json', 'ndjson'],
    default: 'json',
    description: '`json`: one document. `ndjson`: a stream, a header line, then an entry a line.',
    example: 'json',
  })
  @Field(optional(oneOf('json', 'ndjson')))
  format?: 'json' | 'ndjson';
}

export function toListOptions({ prefix, tag, cursor, limit }: ListEntriesQuery): ListOptions {
  return { prefix, tag, cursor, ...(limit !== undefined && { limit: Number(limit) }) };
}

export function toExportOptions({ values, format }: ExportQuery): ExportOptions {
  return { values: values === 'true', format };
}
