import { padded } from './string-size.js';

/**
 * What V8 takes for the parts of an object graph, in bytes, on 64-bit Node.js (no pointer compression).
 *
 * Measured on Node 20.20 as the growth of `used_heap_size` over 20 000 instances of each shape, and the same on 22.23 and
 * 24.21; `npm run bench:heap-layout` measures again on the Node.js that runs it, and so does the test beside `heap-size.ts`.
 * Builds with pointer compression, which halves most of it, are counted too high.
 */
export const POINTER_BYTES = 8;
/** Map, properties, elements: the head of every object. */
export const OBJECT_BYTES = 24;
/** An object without fields keeps room for four. */
export const EMPTY_OBJECT_BYTES = 56;
/** A number that is no small integer, where it stands in a field. */
export const HEAP_NUMBER_BYTES = 16;
/** The head of an array, without its elements. */
export const ARRAY_BYTES = 32;
/** Map and length of the block that holds elements or surplus fields. */
export const ELEMENTS_HEADER_BYTES = 16;
export const DATE_BYTES = 112;
/** Without its texts; the trace, once read, is one of them. */
export const ERROR_BYTES = 140;
/** Compiled code is shared by equal expressions, the data of each is not. */
export const REGEXP_BYTES = 112;
export const BOXED_BYTES = 32;
/** Object and record of an ArrayBuffer, and what the allocator keeps for its memory outside of the heap. */
export const ARRAY_BUFFER_BYTES = 168;
/** The view itself. */
export const VIEW_BYTES = 96;
/** Bytes of an ArrayBuffer with its content. */
export function bufferBytes({ byteLength }: ArrayBufferLike): number {
  return ARRAY_BUFFER_BYTES + byteLength;
}

/** Above so many named fields an object made field by field turns into a hash table. */
export const FAST_FIELD_LIMIT = 128;
/** Key, value and details of a field in such a table, two thirds of which are empty on average: it grows by a factor of 3 to 6. */
export const TABLE_FIELD_BYTES = 72;
/** The same for an element of an array with large holes. */
export const TABLE_ELEMENT_BYTES = 48;
/** Strings up to this length are shared by all who got them from JSON or from code. */
export const SHARED_STRING_LENGTH = 10;

/** Arrays that are no longer are held as they are, however few of their elements exist. */
const SPARSE_PROBE = 1024;
/** Fields for which an object that is made field by field has room in itself, and by how many its further block grows. */
const FIELDS_INSIDE = 4;
const FIELDS_PER_GROWTH = 3;
const COLLECTION_BYTES = 32;
const TABLE_HEADER_BYTES = 40;
const MIN_TABLE_CAPACITY = 4;

/** Bytes of an object with so many fields whose layout was known when it was made: a literal, a class, parsed JSON. */
export function literalBytes(fields: number): number {
  return fields === 0 ? EMPTY_OBJECT_BYTES : OBJECT_BYTES + fields * POINTER_BYTES;
}

/** Bytes of an object that was made empty and given its fields one by one. */
export function builtBytes(fields: number): number {
  if (fields <= FIELDS_INSIDE) return EMPTY_OBJECT_BYTES;
  const growths = Math.ceil((fields - FIELDS_INSIDE) / FIELDS_PER_GROWTH);
  return EMPTY_OBJECT_BYTES + ELEMENTS_HEADER_BYTES + growths * FIELDS_PER_GROWTH * POINTER_BYTES;
}

/** Whether `array` has more length than elements can be expected for: V8 holds it as a hash table. */
export function isSparse(array: readonly unknown[]): boolean {
  return array.length > SPARSE_PROBE && Object.keys(array).length < array.length / 2;
}

/** Bytes of a Map or Set by its size: the table doubles when it is full and holds a bucket for every two entries. */
export function collectionBytes(size: number, wordsPerEntry: number): number {
  let capacity = MIN_TABLE_CAPACITY;
  while (capacity < size) capacity *= 2;
  return COLLECTION_BYTES + TABLE_HEADER_BYTES + POINTER_BYTES * (capacity / 2 + capacity * wordsPerEntry);
}

/** Bytes of a BigInt: a header and its magnitude in 64-bit digits. */
export function bigintBytes(value: bigint): number {
  const magnitude = value < 0n ? -value : value;
  return 16 + padded(magnitude.toString(16).length / 2);
}

/** Whether V8 holds `value` inside the pointer to it, without memory of its own. */
export function isSmallInteger(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}
