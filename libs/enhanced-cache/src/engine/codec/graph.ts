import { CodecError } from '../errors.js';
import type { ClassPolicy, Revivals } from './class-policy.js';
import { errorFields, hasFieldsBeside, kindOf } from './object-kind.js';
import { setOwnField } from './own-field.js';

/**
 * A value and what structured cloning does not keep of it, side by side in one graph: the copy of the whole keeps the
 * identity of every object, so after reading, `instances[i]` is the very object that sits somewhere inside `value`.
 */
interface Graph {
  readonly value: unknown;
  readonly instances: readonly object[];
  /** For each instance, the number of its class. */
  readonly classes: readonly number[];
  /** Beside each instance, fields that a subclass of Map, Set, Date or RegExp has of its own; `undefined` for others. */
  readonly fields: readonly (readonly (readonly [string, unknown])[] | undefined)[];
  readonly errors: readonly ErrorRecord[];
}

interface ErrorRecord {
  readonly error: object;
  /** Name of the built-in type, which decides the prototype. */
  readonly type: string;
  /** Fields in order: name, value, enumerable. */
  readonly fields: readonly (readonly [string, unknown, boolean])[];
}

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

/** The graph to serialize in place of `value`. */
export function toGraph(value: unknown, revivals: Revivals, errors: readonly object[]): object {
  return {
    value,
    instances: revivals.instances,
    classes: revivals.classes,
    fields: revivals.instances.map((instance) =>
      hasFieldsBeside(kindOf(instance)) ? Object.entries(instance) : undefined,
    ),
    errors: errors.map((error) => ({ error, type: errorTypeOf(error), fields: fieldsOf(error) })),
  } satisfies Graph;
}

/**
 * The value of a deserialized graph, with its classes and errors restored.
 *
 * @throws {CodecError} where it is no graph or names a class that is not registered.
 */
export function fromGraph(graph: unknown, classes: ClassPolicy): unknown {
  if (!isGraph(graph)) throw new CodecError('structured payload: not a graph');
  for (const { error, type, fields } of graph.errors) restoreError(error, type, fields);
  graph.instances.forEach((instance, index) => {
    const prototype = classes.prototypeOf(graph.classes[index]);
    if (!prototype) throw new CodecError(`structured payload: class ${graph.classes[index]} is not registered`);
    // Fields first: once the prototype is set, an assignment could run a setter of the class.
    for (const [name, value] of graph.fields[index] ?? []) setOwnField(instance, name, value);
    Object.setPrototypeOf(instance, prototype);
  });
  return graph.value;
}

/** Makes `error` one of the built-in `type` with exactly `fields`, whatever it was before. */
export function restoreError(error: object, type: string, fields: ErrorRecord['fields']): void {
  const constructor = Object.hasOwn(ERROR_TYPES, type) ? ERROR_TYPES[type] : undefined;
  if (!constructor) throw new CodecError(`error type ${type} is not known`);
  Object.setPrototypeOf(error, constructor.prototype);
  for (const name of Object.getOwnPropertyNames(error)) Reflect.deleteProperty(error, name);
  for (const [name, value, enumerable] of fields) setOwnField(error, name, value, enumerable);
}

/** Name of the nearest built-in error type that `error` is an instance of, in any realm. */
export function errorTypeOf(error: object): string {
  for (let prototype = Object.getPrototypeOf(error); prototype; prototype = Object.getPrototypeOf(prototype)) {
    const name: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value?.name;
    if (typeof name === 'string' && Object.hasOwn(ERROR_TYPES, name)) return name;
  }
  return 'Error';
}

function fieldsOf(error: object): ErrorRecord['fields'] {
  return errorFields(error).map(({ name, value, enumerable }) => [name, value, enumerable] as const);
}

function isGraph(graph: unknown): graph is Graph {
  return (
    typeof graph === 'object' &&
    graph !== null &&
    ['instances', 'classes', 'fields', 'errors'].every((name) => Array.isArray(Reflect.get(graph, name)))
  );
}
