import { types } from 'node:util';
import { classNameOf, kindOf } from '../codec/object-kind.js';
import { InvalidKeyError } from '../errors.js';
import { boundedKey } from './bounded-key.js';

/** Deeper arguments are refused: what nests deeper is hardly meant as a key, and recursion must end. */
const MAX_DEPTH = 200;

/**
 * The part of a key that stands for the arguments of a call: equal if and only if they are structurally equal.
 *
 * Each value is written with a tag for its type and, where its text could run into its neighbour's, a length. So `'1'`
 * and `1`, `undefined`, `null` and a missing argument, `('a,b')` and `('a', 'b')` all differ. The order of object
 * fields, Map entries and Set members does not matter. `-0` is `0` and NaN equals itself, as in a Map. Instances of a
 * class are told apart by the name of the class and what their `toJSON()` returns, or else their own enumerable fields.
 *
 * Up to 200 characters the encoding is readable; a longer one is hashed with SHA-256 and keeps its beginning. The
 * format is frozen: keys outlive a process in exports and second tiers.
 *
 * Cost: O(size of the arguments), sorting fields included O(n log n).
 *
 * @throws {InvalidKeyError} naming the argument, for what has no structure to compare: functions, symbols without a
 * global name, streams, promises, cycles, instances whose state cannot be seen.
 */
export function argumentKey(args: readonly unknown[]): string {
  const open = new Set<object>();
  return boundedKey(args.map((arg, index) => encode(arg, `argument ${index}`, open)).join(','));
}

function encode(value: unknown, path: string, open: Set<object>): string {
  switch (typeof value) {
    case 'undefined':
      return 'u';
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      // Adding 0 turns -0 into 0.
      return `n${value + 0}`;
    case 'bigint':
      return `i${value}`;
    case 'string':
      return text('s', value);
    case 'symbol':
      return encodeSymbol(value, path);
    case 'function':
      throw refusal(value, path, 'is a function');
    default:
      return value === null ? 'z' : encodeObject(value as object, path, open);
  }
}

/** Length first, so that no text can imitate what follows it; control characters and lone surrogates escaped. */
function text(tag: string, value: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = /^[^\u0000-\u001f\u007f]*$/.test(value) && value.isWellFormed();
  if (plain) return `${tag}${value.length}:${value}`;
  const escaped = JSON.stringify(value);
  return `${tag}j${escaped.length}:${escaped}`;
}

function encodeSymbol(symbol: symbol, path: string): string {
  const name = Symbol.keyFor(symbol);
  if (name === undefined) throw refusal(symbol, path, 'is a symbol');
  return text('y', name);
}

function encodeObject(object: object, path: string, open: Set<object>): string {
  if (open.has(object)) throw refusal(object, path, 'is circular');
  if (open.size === MAX_DEPTH) throw refusal(object, path, `is nested deeper than ${MAX_DEPTH}`);
  open.add(object);
  const encoded = encodeOpen(object, path, open);
  open.delete(object);
  return encoded;
}

function encodeOpen(object: object, path: string, open: Set<object>): string {
  if (Array.isArray(object)) return encodeArray(object, path, open);
  if (types.isDate(object)) return `d${object.getTime()}`;
  if (types.isRegExp(object)) return text('r', String(object));
  if (types.isMap(object)) {
    const entries = [...object].map(
      ([key, value]) => `${encode(key, `${path} (a key)`, open)}=${encode(value, `${path}.get(...)`, open)}`,
    );
    return group('M', entries.sort());
  }
  if (types.isSet(object))
    return group('S', [...object].map((member) => encode(member, `${path} (a member)`, open)).sort());
  if (ArrayBuffer.isView(object)) {
    return binary(classNameOf(object), new Uint8Array(object.buffer, object.byteOffset, object.byteLength));
  }
  if (types.isAnyArrayBuffer(object)) return binary('ArrayBuffer', new Uint8Array(object));
  if (types.isPromise(object)) throw refusal(object, path, 'is a promise');
  if (typeof Reflect.get(object, 'pipe') === 'function') throw refusal(object, path, 'is a stream');
  // Without a constructor (a query object of Fastify, say) it is data, whatever its prototype.
  const isData = kindOf(object) === 'plain' || object.constructor === undefined;
  return isData ? encodeFields(object, path, open) : encodeInstance(object, path, open);
}

function encodeArray(array: readonly unknown[], path: string, open: Set<object>): string {
  // A hole is not `undefined`: the array has no such index.
  const items = Array.from(array, (item, index) => (index in array ? encode(item, `${path}[${index}]`, open) : 'x'));
  return group('A', items);
}

function encodeInstance(object: object, path: string, open: Set<object>): string {
  const name = classNameOf(object);
  const tag = `C${text('s', name)}`;
  const toJson: unknown = Reflect.get(object, 'toJSON');
  if (typeof toJson === 'function') return `${tag}${encode(toJson.call(object), `${path}.toJSON()`, open)}`;
  if (types.isNativeError(object)) return `${tag}${text('s', object.message)}${encodeFields(object, path, open)}`;
  if (types.isBoxedPrimitive(object)) return `${tag}${encode(object.valueOf(), path, open)}`;
  const encoded = encodeFields(object, path, open);
  // Two instances that keep their state in private fields would look the same: never one key for both.
  if (encoded === EMPTY_OBJECT) throw refusal(object, path, `is a ${name} without visible fields`);
  return `${tag}${encoded}`;
}

const EMPTY_OBJECT = group('O', []);

function encodeFields(object: object, path: string, open: Set<object>): string {
  const fields = Reflect.ownKeys(object)
    .filter((key) => Object.prototype.propertyIsEnumerable.call(object, key))
    .map((key) => {
      const name = typeof key === 'symbol' ? encodeSymbol(key, `${path}[${String(key)}]`) : text('', key);
      return `${name}=${encode(Reflect.get(object, key), `${path}.${String(key)}`, open)}`;
    });
  return group('O', fields.sort());
}

function binary(type: string, bytes: Uint8Array): string {
  return `B${text('s', type)}${text('s', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url'))}`;
}

function group(tag: string, items: readonly string[]): string {
  return `${tag}${items.length}(${items.join(',')})`;
}

function refusal(value: unknown, path: string, reason: string): InvalidKeyError {
  return new InvalidKeyError(value, `${path} ${reason} and cannot be part of a key; name one with the option 'key'`);
}
