import { CodecError } from '../errors.js';
import type { ClassPolicy, Revivals } from './class-policy.js';
import { hasFieldsBeside, kindOf } from './object-kind.js';
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
  /** For each instance, the fields that a subclass of Map, Set, Date or RegExp has of its own; `undefined` for others. */
  readonly fields: readonly (readonly (readonly [string, unknown])[] | undefined)[];
}

/** The graph to serialize in place of `value`. */
export function toGraph(value: unknown, { instances, classes }: Revivals): object {
  const fields = instances.map((each) => (hasFieldsBeside(kindOf(each)) ? Object.entries(each) : undefined));
  return { value, instances, classes, fields } satisfies Graph;
}

/**
 * The value of a deserialized graph, with its classes restored.
 *
 * @throws {CodecError} where it is no graph or names a class that is not registered.
 */
export function fromGraph(graph: unknown, classes: ClassPolicy): unknown {
  if (!isGraph(graph)) throw new CodecError('structured payload: not a graph');
  graph.instances.forEach((instance, index) => {
    const prototype = classes.prototypeOf(graph.classes[index]);
    if (!prototype) throw new CodecError(`structured payload: class ${graph.classes[index]} is not registered`);
    // Fields first: once the prototype is set, an assignment could run a setter of the class.
    for (const [name, value] of graph.fields[index] ?? []) setOwnField(instance, name, value);
    Object.setPrototypeOf(instance, prototype);
  });
  return graph.value;
}

function isGraph(graph: unknown): graph is Graph {
  if (typeof graph !== 'object' || graph === null) return false;
  return ['instances', 'classes', 'fields'].every((name) => Array.isArray(Reflect.get(graph, name)));
}
