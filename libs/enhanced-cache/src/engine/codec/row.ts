import { types } from 'node:util';
import { flattenString, MIN_SHARED_STRING_LENGTH } from '../sizing/flatten.js';
import { ARRAY_BYTES, ELEMENTS_HEADER_BYTES, POINTER_BYTES } from '../sizing/heap-layout.js';
import { primitiveHeapBytes } from '../sizing/heap-size.js';
import { hasEnumerables } from '../sizing/plain-size.js';
import { textBytes } from './direct.js';
import { KnownLayouts, Layout } from './known-layouts.js';

/** A value with more objects, or longer arrays, makes no row. */
const MAX_OBJECTS = 16;
const MAX_ELEMENTS = 64;
/** What takes more than a byte, or more than a character, in JSON. */
// eslint-disable-next-line no-control-regex
const NOT_PLAIN = /["\\\u0000-\u001f\u0100-\uffff]/;

/** Of the process, as the shapes of V8 are. */
const layouts = new KnownLayouts();
const ARRAYS = Array.from(
  { length: MAX_ELEMENTS + 1 },
  (_, length) => new Layout(undefined, length, undefined, 2 + Math.max(0, length - 1)),
);

/**
 * A small plain value without the names of its fields: its texts, numbers, booleans and nulls one after the other, the
 * {@link Layout} of each object and array in front of what it holds.
 *
 * It takes about the memory of the JSON text, in one block. To make the value of it takes a fifth of the time of parsing
 * (`bench:codec`). An object kept as such is as fast to copy while it is hot, but its parts lie apart in memory.
 */
export type Row = readonly unknown[];

/** A {@link Row}, and what the JSON text of its value takes, as `textBytes` says. */
export interface WrittenRow {
  readonly row: Row;
  readonly textBytes: number;
}

/**
 * The row of `value`; `undefined` where another form is right for it: it is not what JSON would bring back exactly, it is
 * large, or an object in it has a layout that does not come again and again.
 *
 * Texts in the row share memory with no other text. Accessors are read once. One walk, O(fields).
 *
 * @param maxCharacters how long its JSON text may be.
 */
export function rowOf(value: object, maxCharacters: number): WrittenRow | undefined {
  if (writer.isUnderWay || hasEnumerables(Object.prototype)) return undefined;
  try {
    return writer.write(value, maxCharacters);
  } finally {
    writer.forget();
  }
}

/** A value of its own of what `row` holds. O(fields). */
export function valueOf(row: Row): object {
  at = 1;
  return make(row, row[0] as Layout);
}

/** Bytes that V8 takes to hold `row`; layouts belong to all. */
export function rowBytes(row: Row): number {
  let bytes = ARRAY_BYTES + ELEMENTS_HEADER_BYTES + row.length * POINTER_BYTES;
  for (const part of row) bytes += primitiveHeapBytes(part);
  return bytes;
}

/** Where {@link make} is in its row. */
let at = 0;

function make(row: Row, { names, length, blank }: Layout): object {
  if (names === undefined) return makeArray(row, length);
  const fields = { ...blank };
  for (let i = 0; i < length; i++) fields[names[i]] = next(row);
  return fields;
}

function makeArray(row: Row, length: number): unknown[] {
  const array: unknown[] = [];
  for (let i = 0; i < length; i++) array.push(next(row));
  return array;
}

function next(row: Row): unknown {
  const part = row[at++];
  return typeof part === 'object' && part !== null ? make(row, part as Layout) : part;
}

/** One for all calls, so that a call makes nothing but the row. */
class RowWriter {
  readonly #parts: unknown[] = [];
  readonly #met: (object | undefined)[] = Array<undefined>(MAX_OBJECTS).fill(undefined);
  #count = 0;
  /** Of the JSON text; NaN once they are not told by counting. */
  #characters = 0;
  #mostCharacters = 0;

  /** An accessor within a value may have called on the cache. */
  get isUnderWay(): boolean {
    return this.#count > 0;
  }

  write(root: object, maxCharacters: number): WrittenRow | undefined {
    this.#characters = 0;
    this.#mostCharacters = maxCharacters;
    if (!this.#enter(root) || this.#characters > maxCharacters) return undefined;
    const row = this.#parts.slice();
    if (this.#characters >= 0) return { row, textBytes: this.#characters };
    const text = JSON.stringify(valueOf(row));
    return text.length > maxCharacters ? undefined : { row, textBytes: textBytes(text) };
  }

  forget(): void {
    for (let i = 0; i < this.#count; i++) this.#met[i] = undefined;
    this.#count = 0;
    this.#parts.length = 0;
  }

  #enter(object: object): boolean {
    // What is met twice would be two things afterwards.
    for (let i = 0; i < this.#count; i++) if (this.#met[i] === object) return false;
    if (this.#count === MAX_OBJECTS || types.isProxy(object)) return false;
    this.#met[this.#count++] = object;
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) return this.#putFields(object as Record<string, unknown>);
    return prototype === Array.prototype && this.#putArray(object as unknown[]);
  }

  #putFields(fields: Readonly<Record<string, unknown>>): boolean {
    if (Object.getOwnPropertySymbols(fields).length > 0) return false;
    const place = this.#parts.push(undefined) - 1;
    let node: typeof layouts.root | undefined = layouts.root;
    for (const name in fields) {
      node = node.child(name);
      if (node === undefined) break;
      if (!this.#put(fields[name])) return false;
    }
    const layout = node?.layout;
    if (layout === undefined) {
      layouts.notice(fields);
      return false;
    }
    this.#parts[place] = layout;
    this.#characters += layout.characters;
    return true;
  }

  #putArray(array: readonly unknown[]): boolean {
    const { length } = array;
    if (length > MAX_ELEMENTS || Object.keys(array).length !== length) return false;
    this.#parts.push(ARRAYS[length]);
    this.#characters += ARRAYS[length].characters;
    for (let index = 0; index < length; index++) if (!this.#put(array[index])) return false;
    return true;
  }

  /** @returns `false` for what JSON does not bring back. */
  #put(value: unknown): boolean {
    switch (typeof value) {
      case 'string':
        this.#characters += NOT_PLAIN.test(value) ? NaN : value.length + 2;
        if (value.length > this.#mostCharacters) return false;
        this.#parts.push(value.length < MIN_SHARED_STRING_LENGTH ? value : flattenString(value));
        return true;
      case 'number':
        // NaN, the infinities and -0 are not for JSON.
        if (value - value !== 0 || (value === 0 && 1 / value < 0)) return false;
        this.#characters += String(value).length;
        this.#parts.push(value);
        return true;
      case 'boolean':
        this.#characters += value ? 4 : 5;
        this.#parts.push(value);
        return true;
      case 'object':
        if (value !== null) return this.#enter(value);
        this.#characters += 4;
        this.#parts.push(null);
        return true;
      default:
        return false;
    }
  }
}

const writer = new RowWriter();
