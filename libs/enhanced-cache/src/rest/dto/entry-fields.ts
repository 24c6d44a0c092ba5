import { durationToMs } from '../../engine/duration.js';
import {
  assertTags,
  MAX_PRIORITY,
  MAX_TAG_LENGTH,
  MAX_TAGS,
  MIN_PRIORITY,
} from '../../engine/entry/entry-attributes.js';
import { CacheError } from '../../engine/errors.js';
import { expecting, integerBetween, type Judge } from './field.js';

/** The engine's own judgement of a field, so that a body is judged as a call is. */
function engine(judge: (value: unknown, field: string) => void): Judge {
  return (value, field) => {
    try {
      judge(value, field);
      return undefined;
    } catch (error) {
      if (error instanceof CacheError) return error.message;
      throw error;
    }
  };
}

export const lifetime = engine((value, field) => durationToMs(value as never, field));
export const tags = engine((value) => assertTags(value));
export const priority = integerBetween(MIN_PRIORITY, MAX_PRIORITY);
export const cost = expecting(
  'a number of seconds >= 0',
  (value) => typeof value === 'number' && value >= 0 && value < Infinity,
);

const DURATION_PATTERN = '^\\d+(\\.\\d+)?\\s*(ms|s|m|h|d)$';

/** How a lifetime stands in the OpenAPI document. */
export const LIFETIME_SCHEMA = {
  oneOf: [
    { type: 'number', exclusiveMinimum: true, minimum: 0 },
    { type: 'string', pattern: DURATION_PATTERN },
  ],
  nullable: true,
};

/** How tags stand in the OpenAPI document. */
export const TAGS_SCHEMA = {
  type: 'array' as const,
  items: { type: 'string', minLength: 1, maxLength: MAX_TAG_LENGTH },
  maxItems: MAX_TAGS,
};
