import { types } from 'node:util';
import {
  ARRAY_BYTES,
  ELEMENTS_HEADER_BYTES,
  literalBytes,
  POINTER_BYTES,
  SHARED_STRING_LENGTH,
} from './heap-layout.js';
import { primitiveHeapBytes } from './heap-size.js';
import { stringHeapBytes } from './string-size.js';

/** A value with more objects, short texts, fields or elements takes the long way. */
const MAX_OBJECTS = 16;
const MAX_SHORT_TEXTS = 16;
const MAX_FIELDS = 64;
const MAX_ELEMENTS = 64;

/**
 * `heapSize` of a small value made of nothing but plain objects, arrays, texts, numbers, booleans and null, which is what
 * most caches hold most of; -1 where it is not of this kind, or may hold what cannot be stored.
 *
 * One walk that makes nothing takes a fifth of the time of the two walks that it stands for: 0.2 µs for three objects
 * with nine fields.
 */
export function plainSize(value: object): number {
  // What is frozen was built otherwise than it looks. To ask each part would take as long as all the rest.
  if (walk.isUnderWay || hasEnumerables(Object.prototype) || Object.isFrozen(value)) return -1;
  try {
    return walk.enter(value);
  } finally {
    walk.forget();
  }
}

/** One for all calls, so that none has to make anything. */
class PlainWalk {
  readonly #objects: (object | undefined)[] = Array<undefined>(MAX_OBJECTS).fill(undefined);
  #objectCount = 0;
  readonly #texts: string[] = Array<string>(MAX_SHORT_TEXTS).fill('');
  #textCount = 0;

  /** An accessor within a value may have called on the cache. */
  get isUnderWay(): boolean {
    return this.#objectCount > 0;
  }

  /** Bytes of `object` and what it refers to and was not met before; -1: take the long way. */
  enter(object: object): number {
    const objects = this.#objects;
    for (let i = 0; i < this.#objectCount; i++) if (objects[i] === object) return 0;
    if (this.#objectCount === MAX_OBJECTS || types.isProxy(object)) return -1;
    objects[this.#objectCount++] = object;
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) return this.#enterFields(object as Record<string, unknown>);
    return prototype === Array.prototype ? this.#enterArray(object as unknown[]) : -1;
  }

  forget(): void {
    for (let i = 0; i < this.#objectCount; i++) this.#objects[i] = undefined;
    this.#objectCount = 0;
    this.#textCount = 0;
  }

  #enterFields(fields: Readonly<Record<string, unknown>>): number {
    let bytes = 0;
    let count = 0;
    for (const name in fields) {
      const part = this.#sizeOf(fields[name]);
      if (part < 0) return -1;
      bytes += part;
      count++;
    }
    return count > MAX_FIELDS ? -1 : bytes + literalBytes(count);
  }

  #enterArray(array: readonly unknown[]): number {
    const { length } = array;
    if (length > MAX_ELEMENTS) return -1;
    let bytes = ARRAY_BYTES + (length > 0 ? ELEMENTS_HEADER_BYTES : 0) + length * POINTER_BYTES;
    let boxed = 0;
    let numbers = 0;
    for (let index = 0; index < length; index++) {
      const element = array[index];
      const part = this.#sizeOf(element);
      if (part < 0) return -1;
      if (typeof element === 'number') {
        numbers++;
        boxed += part;
      } else {
        bytes += part;
      }
    }
    // An array of nothing but numbers holds them unboxed, in the place of the pointers.
    return numbers === length ? bytes : bytes + boxed;
  }

  #sizeOf(value: unknown): number {
    switch (typeof value) {
      case 'string':
        return value.length > SHARED_STRING_LENGTH ? stringHeapBytes(value) : this.#shortText(value);
      case 'number':
        return primitiveHeapBytes(value);
      case 'boolean':
        return 0;
      case 'object':
        return value === null ? 0 : this.enter(value);
      default:
        return -1;
    }
  }

  #shortText(text: string): number {
    const texts = this.#texts;
    for (let i = 0; i < this.#textCount; i++) if (texts[i] === text) return 0;
    if (this.#textCount === MAX_SHORT_TEXTS) return -1;
    texts[this.#textCount++] = text;
    return stringHeapBytes(text);
  }
}

const walk = new PlainWalk();

/** Whether `for … in` finds something of every object. */
export function hasEnumerables(object: object): boolean {
  for (const _name in object) return true;
  return false;
}
