import { CodecError } from '../errors.js';
import type { ClassPolicy } from './class-policy.js';
import { ImmutableValue } from './immutable-value.js';
import { inspect } from './inspect.js';
import { nestsDeeperThan } from './nesting.js';
import { PortableReader } from './portable-reader.js';
import { PortableWriter } from './portable-writer.js';

/** A value of a tree: JSON-safe primitives as themselves, everything else as an array that says what it is. */
export type Slot =
  | string
  | number
  | boolean
  | null
  /** The object at this place in the list of nodes. */
  | readonly [node: number]
  | readonly ['undefined']
  /** `NaN`, `Infinity`, `-Infinity` or `-0`. */
  | readonly ['number', string]
  /** Hexadecimal digits, with `-` in front of a negative one. */
  | readonly ['bigint', string];

/** An object of a tree: its type, then what belongs to it. */
export type Node =
  | readonly ['object', names: readonly string[], values: readonly Slot[]]
  | readonly ['array', values: readonly Slot[]]
  | readonly ['sparse', length: number, names: readonly string[], values: readonly Slot[]]
  | readonly ['map', keys: readonly Slot[], values: readonly Slot[]]
  | readonly ['set', values: readonly Slot[]]
  /** Milliseconds since the Unix epoch, `null` for an invalid date. */
  | readonly ['date', timeMs: number | null]
  | readonly ['regexp', source: string, flags: string]
  | readonly ['error', type: string, names: readonly string[], values: readonly Slot[], enumerable: readonly boolean[]]
  | readonly ['boxed', value: Slot]
  | readonly ['bytes', type: string, base64: string];

/** Which node is an instance of which registered class, with the fields that the node itself cannot tell. */
export type ClassNote = readonly [node: number, className: string, names: readonly string[], values: readonly Slot[]];

/** A graph of objects as one flat list: neither depth nor cycles need any nesting. */
export interface JsonTree {
  readonly root: Slot;
  readonly nodes: readonly Node[];
  readonly classes: readonly ClassNote[];
}

/** A value in a form that JSON carries, for files and for tiers outside of this process. */
export type PortableValue =
  { readonly type: 'json'; readonly value: unknown } | { readonly type: 'typed'; readonly value: JsonTree };

/** JSON.stringify() recurses: somewhere beyond a thousand levels it exhausts the stack, depending on who called. */
const MAX_JSON_LEVELS = 500;

/**
 * `value` in a form that JSON carries unchanged: as it is where JSON brings it back, as a typed tree otherwise and where
 * it is nested too deeply for JSON.stringify().
 *
 * Class instances are noted by the name of their class where it is registered, else kept as their data, by the rule of
 * `classes`. The `json` form shares its objects with `value`.
 *
 * @throws {InvalidValueError} naming the path of what cannot be stored.
 */
export function toPortable(given: unknown, classes: ClassPolicy): PortableValue {
  const value = given instanceof ImmutableValue ? given.toPlain() : given;
  const found = inspect(value);
  if (found.shape === 'json' && !nestsDeeperThan(value, MAX_JSON_LEVELS)) return { type: 'json', value };
  return { type: 'typed', value: new PortableWriter(classes, classes.judge(value, found.instances)).write(value) };
}

/**
 * The value of a portable form, which may come from anywhere: every type, place and length is checked, nothing is
 * evaluated, no prototype but those of registered classes is set. Cost and memory are linear in the size of the form.
 *
 * @throws {CodecError} saying what does not fit.
 */
export function fromPortable(portable: unknown, classes: ClassPolicy): unknown {
  if (typeof portable !== 'object' || portable === null) throw new CodecError('portable value: expected an object');
  const { type, value } = portable as Readonly<Record<string, unknown>>;
  if (type === 'json') return value;
  if (type === 'typed') return new PortableReader(classes).read(value);
  throw new CodecError(`portable value: type must be 'json' or 'typed'`);
}
