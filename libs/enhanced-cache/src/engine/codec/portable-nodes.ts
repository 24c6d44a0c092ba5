import { CodecError } from '../errors.js';
import { arrayOfHoles } from './own-field.js';
import { viewFrom, viewTypeNamed } from './view-types.js';

const MAX_ARRAY_LENGTH = 2 ** 32 - 1;
/** Up to so many holes an array may be held as one block, which takes memory for each of them. */
const COSTLY_HOLES = 2048;
/** Most of those in one value, over all of its arrays. */
const MAX_HOLES = 2 ** 20;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * The object of a node before it is filled; types that hold no other values are complete already.
 *
 * @param holes how many holes were made so far, counted on here.
 * @param primitive reads a slot that must not be a node.
 * @throws {CodecError} naming the node that does not fit.
 */
export function emptyNode(
  [type, first, second, third]: readonly unknown[],
  place: number,
  holes: { made: number },
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
      if (!isIntegerUpTo(first, MAX_ARRAY_LENGTH)) return refuse('an array length');
      if ((holes.made += Math.min(first, COSTLY_HOLES)) > MAX_HOLES) return refuse(`at most ${MAX_HOLES} holes`);
      return arrayOfHoles(first);
    case 'map':
      return new Map();
    case 'set':
      return new Set();
    case 'error':
      return new Error();
    case 'date':
      return first === null || typeof first === 'number' ? new Date(first ?? NaN) : refuse('a time in milliseconds');
    case 'regexp': {
      if (typeof first !== 'string' || typeof second !== 'string') return refuse('source and flags');
      const regexp = new RegExp(first, second);
      regexp.lastIndex = isIntegerUpTo(third, Number.MAX_SAFE_INTEGER) ? third : refuse('an index');
      return regexp;
    }
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

function isIntegerUpTo(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}
