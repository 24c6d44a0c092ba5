import { BadRequestException, createParamDecorator, type ExecutionContext, type Type } from '@nestjs/common';
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import { describe } from '../../engine/errors.js';
import { isObject } from './field.js';

/**
 * The body or the query of a request as a DTO: its fields judged, unknown ones refused.
 *
 * A parameter decorator of our own, not a pipe on `@Body()`: neither the app's global pipes nor class-transformer, which
 * copies nested data recursively and drops keys such as `constructor`, get at the values that are to be cached.
 */
export const WireBody = createParamDecorator((dto: Type, context: ExecutionContext) =>
  readFields(dto, context.switchToHttp().getRequest<{ body?: unknown }>().body, 'body'),
);

export const WireQuery = createParamDecorator((dto: Type, context: ExecutionContext) =>
  readFields(dto, context.switchToHttp().getRequest<{ query?: unknown }>().query, 'query'),
);

/**
 * @param input what the platform parsed; `undefined`, no body at all, counts as one without fields.
 * @throws {BadRequestException} with a sentence for each field that cannot be taken.
 */
export function readFields<T extends object>(dto: Type<T>, input: unknown, where: string): T {
  const given = input === undefined ? {} : input;
  if (!isObject(given)) {
    throw new BadRequestException([`${where}: expected a JSON object, received ${describe(given)}`]);
  }
  const problems = unknownFields(dto, given);
  const fields = Object.assign(new dto(), problems.length === 0 ? given : undefined);
  if (problems.length === 0) {
    // Not `forbidUnknownValues`: it takes a DTO without fields for an unknown one, and unknown fields are refused above.
    problems.push(...validateSync(fields, { forbidUnknownValues: false }).flatMap(sentencesOf));
  }
  if (problems.length > 0) throw new BadRequestException(problems);
  return fields;
}

/** A sentence for each field of `given` that is none of `dto`. */
export function unknownFields(dto: Type, given: object, place = ''): string[] {
  const known = fieldsOf(dto);
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => `${place}${name}: no field of that name (known: ${known.join(', ') || 'none'})`);
}

/** Names of the fields that have a judge. Compared by hand: class-validator's whitelist lets `constructor` pass. */
function fieldsOf(dto: Type): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', true, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}

function sentencesOf({ constraints = {} }: ValidationError): string[] {
  return Object.values(constraints);
}
