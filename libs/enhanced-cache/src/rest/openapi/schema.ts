import type { ApiResponseSchemaHost } from '@nestjs/swagger';

export type Schema = ApiResponseSchemaHost['schema'];

type TypeName = 'number' | 'integer' | 'string' | 'boolean' | 'object' | 'array' | 'any';

/** One field of an answer: its type (`?`: or null), what it means with its unit, an example. */
export type FieldDoc = readonly [type: TypeName | `${TypeName}?`, description: string, example: unknown];
export type FieldDocs = Readonly<Record<string, FieldDoc>>;

/** The schema of an answer with exactly these fields; those in `sometimes` may be left out. */
export function answerSchema(fields: FieldDocs, sometimes: FieldDocs = {}): Schema {
  const all = { ...fields, ...sometimes };
  return {
    type: 'object',
    required: Object.keys(fields),
    properties: Object.fromEntries(Object.entries(all).map(([name, field]) => [name, fieldSchema(field)])),
    example: Object.fromEntries(Object.entries(fields).map(([name, [, , example]]) => [name, example])),
  };
}

function fieldSchema([type, description, example]: FieldDoc): Schema {
  const name = type.replace('?', '');
  return {
    ...(name !== 'any' && { type: name }),
    ...(name === 'array' && { items: {} }),
    ...(name === 'object' && { additionalProperties: true }),
    ...(type.endsWith('?') && { nullable: true }),
    description,
    example,
  };
}

/** HTTP errors by their names, as Nest puts them into `error`. */
const ERROR_NAMES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  503: 'Service Unavailable',
} as const;

export type ErrorStatus = keyof typeof ERROR_NAMES;

/** Nest's error body, with an example of the sentence. */
export function errorSchema(status: ErrorStatus, message: string | readonly string[]): Schema {
  return {
    type: 'object',
    required: ['statusCode', 'message'],
    properties: {
      statusCode: { type: 'integer', example: status },
      message: { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      error: { type: 'string', example: ERROR_NAMES[status] },
    },
    example: { statusCode: status, message, error: ERROR_NAMES[status] },
  };
}
