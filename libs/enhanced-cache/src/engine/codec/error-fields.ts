import { CodecError } from '../errors.js';
import { setOwnField } from './own-field.js';

/** A field of an error, the standard ones included, which are not enumerable. */
export interface ErrorField {
  readonly name: string;
  readonly value: unknown;
  readonly enumerable: boolean;
}

const STANDARD_FIELDS: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'errors']);
const ERROR_TYPES: Readonly<Record<string, { readonly prototype: object }>> = {
  AggregateError,
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** What is stored of an error: its own enumerable fields and the standard ones. */
export function errorFields(error: object): ErrorField[] {
  const fields: ErrorField[] = [];
  for (const name of Object.getOwnPropertyNames(error)) {
    const enumerable = Object.prototype.propertyIsEnumerable.call(error, name);
    if (enumerable || STANDARD_FIELDS.has(name)) {
      fields.push({ name, value: (error as Record<string, unknown>)[name], enumerable });
    }
  }
  return fields;
}

/** Name of the nearest built-in error type that `error` is an instance of, in any realm. */
export function errorTypeOf(error: object): string {
  for (let prototype = Object.getPrototypeOf(error); prototype; prototype = Object.getPrototypeOf(prototype)) {
    const name: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value?.name;
    if (typeof name === 'string' && Object.hasOwn(ERROR_TYPES, name)) return name;
  }
  return 'Error';
}

/**
 * Makes `error` one of the built-in `type` with exactly `fields`, whatever it was before.
 *
 * @throws {CodecError} where there is no such type.
 */
export function restoreError(error: object, type: string, fields: readonly ErrorField[]): void {
  const constructor = Object.hasOwn(ERROR_TYPES, type) ? ERROR_TYPES[type] : undefined;
  if (!constructor) throw new CodecError(`error type ${JSON.stringify(type)} is not known`);
  Object.setPrototypeOf(error, constructor.prototype);
  for (const name of Object.getOwnPropertyNames(error)) Reflect.deleteProperty(error, name);
  for (const { name, value, enumerable } of fields) setOwnField(error, name, value, enumerable);
}
