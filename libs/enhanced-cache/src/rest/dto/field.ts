import { ValidateBy, type ValidationArguments } from 'class-validator';
import { describe } from '../../engine/errors.js';

/** Judges the value of a field: a sentence that says what is wrong, or `undefined`. */
export type Judge = (value: unknown, field: string) => string | undefined;

/**
 * A field of a DTO with its judge. class-validator's own decorators would leave out what was received, and take `null`
 * for a field that is not there.
 */
export function Field(judge: Judge): PropertyDecorator {
  return ValidateBy({
    name: 'field',
    validator: {
      validate: (value: unknown, args?: ValidationArguments) => judge(value, args?.property ?? '') === undefined,
      defaultMessage: (args?: ValidationArguments) => judge(args?.value, args?.property ?? '') ?? '',
    },
  });
}

/** `field: expected <what>, received <value>` where the value does not fit. */
export function expecting(what: string, fits: (value: unknown) => boolean): Judge {
  return (value, field) => (fits(value) ? undefined : `${field}: expected ${what}, received ${describe(value)}`);
}

/** The same judge for a field that may be left out. `null` is not left out. */
export function optional(judge: Judge): Judge {
  return (value, field) => (value === undefined ? undefined : judge(value, field));
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text = expecting('a non-empty string', (value) => typeof value === 'string' && value !== '');
export const plainObject = expecting('an object', isObject);
export const anyJson = expecting('any JSON value', (value) => value !== undefined);

export const integerBetween = (min: number, max: number): Judge =>
  expecting(
    `an integer from ${min} to ${max}`,
    (value) => Number.isInteger(value) && (value as number) >= min && (value as number) <= max,
  );

/** For query parameters, which are texts. */
export const integerTextBetween = (min: number, max: number): Judge =>
  expecting(
    `an integer from ${min} to ${max}`,
    (value) => typeof value === 'string' && /^\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max,
  );

export const oneOf = (...allowed: readonly string[]): Judge =>
  expecting(allowed.map((each) => `'${each}'`).join(' or '), (value) => allowed.includes(value as string));
