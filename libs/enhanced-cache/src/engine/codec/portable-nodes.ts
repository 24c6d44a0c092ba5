import { CodecError } from '../errors.js';
import type { HoleBudget } from './portable-limits.js';
import { viewFrom, viewTypeNamed } from './view-types.js';

const MAX_ARRAY_LENGTH = 2 ** 32 - 1;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The object of a node before it is filled; types that hold no other values are complete already.
 *
 * @param holes what sparse arrays of the same value may still take.
 * @param primitive reads a slot that must not be a node.
 * @throws {CodecError} naming the node that does not fit.
 */
export function emptyNode(
  [type, first, second]: readonly unknown[],
  place: number,
  holes: HoleBudget,
  primitive: (slot: unknown) => unknown,
): object {
  const refuse = (expected: string): never => {
    throw new CodecError(`nodes[${place}]: expected ${expected}`);
  };
  switch (type) {
    case 'object':
      return {};
    case 'array':
      return [];
    case 'sparse':
      if (!isArrayLength(first)) return refuse('an array length');
      if (!holes.take(first)) return refuse('fewer sparse arrays in one value');
      return [];
    case 'map':
      return new Map();
    case 'set':
      return new Set();
    case 'error':
      return new Error();
    case 'date':
      return first === null || typeof first === 'number' ? new Date(first ?? NaN) : refuse('a time in milliseconds');
    case 'regexp':
      if (typeof first !== 'string' || typeof second !== 'string') return refuse('source and flags');
      return new RegExp(first, second);
    case 'boxed': {
      const value = primitive(first);
      return value === null || value === undefined ? refuse('a primitive') : (Object(value) as object);
    }
    case 'bytes': {
      const viewType = typeof first === 'string' ? viewTypeNamed(first) : undefined;
      if (viewType === undefined || typeof second !== 'string' || !BASE64.test(second))
        return refuse('typed base64 bytes');
      return viewFrom(viewType, Buffer.from(second, 'base64'));
    }
    default:
      return refuse('a known type of node');
  }
}

/** `value` as an array, of exactly `length` elements where that is given. */
export function checkedArray(value: unknown, name: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new CodecError(`typed value: ${name}: expected an array`);
  if (length !== undefined && value.length !== length) {
    throw new CodecError(`typed value: ${name}: expected ${length} elements, received ${value.length}`);
  }
  return value as readonly unknown[];
}

export function checkedStrings(value: unknown, name: string): readonly string[] {
  const array = checkedArray(value, name);
  if (!array.every((each) => typeof each === 'string')) throw new CodecError(`typed value: ${name}: expected strings`);
  return array;
}

function isArrayLength(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_ARRAY_LENGTH;
}
