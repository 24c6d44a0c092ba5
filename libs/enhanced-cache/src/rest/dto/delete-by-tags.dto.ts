import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { BadRequestException } from '@nestjs/common';
import { tags, TAGS_SCHEMA } from './entry-fields.js';
import { Field, oneOf, optional, text } from './field.js';
import { readFields } from './wire-input.js';

const match = oneOf('any', 'all');
const MATCH_SCHEMA = {
  enum: ['any', 'all'],
  default: 'any',
  description: '`any`: entries that carry at least one of the tags. `all`: entries that carry every one.',
  example: 'any',
};

/** Body of `DELETE /delete-by-tags`. */
export class DeleteByTagsDto {
  @ApiProperty({ ...TAGS_SCHEMA, description: 'Which entries go.', example: ['users', 'reports'] })
  @Field(tags)
  tags: string[];

  @ApiPropertyOptional(MATCH_SCHEMA)
  @Field(optional(match))
  match?: 'any' | 'all';
}

/** Query of `DELETE /delete-by-tags`, for clients that cannot send a body with DELETE. */
export class DeleteByTagsQuery {
  @ApiPropertyOptional({
    type: String,
    description: 'In place of the body: tags with commas between them. A tag that holds a comma needs the body.',
    example: 'users,reports',
  })
  @Field(optional(text))
  tags?: string;

  @ApiPropertyOptional(MATCH_SCHEMA)
  @Field(optional(match))
  match?: 'any' | 'all';
}

/** @throws {BadRequestException} where the tags are neither in the body nor in the query, or in both. */
export function readDeleteByTags({ body, query }: { body?: unknown; query?: unknown }): DeleteByTagsDto {
  const given = readFields(DeleteByTagsQuery, query, 'query');
  const isInQuery = given.tags !== undefined || given.match !== undefined;
  if (!isInQuery) return readFields(DeleteByTagsDto, body, 'body');
  if (body !== undefined && body !== null && Object.keys(body).length > 0) {
    throw new BadRequestException(['tags: expected in the body or in the query, received in both']);
  }
  const listed = given.tags === undefined ? {} : { tags: given.tags.split(',') };
  return readFields(DeleteByTagsDto, { ...given, tags: undefined, ...listed }, 'query');
}
