import { errorFields } from '../codec/error-fields.js';
import { kindOf } from '../codec/object-kind.js';
import * as layout from './heap-layout.js';
import { stringHeapBytes } from './string-size.js';

/**
 * An estimate of the bytes that V8 takes to hold `value` and everything it refers to.
 *
 * Each object counts once, however often it is met. Short strings, which V8 shares, count once by content, longer ones
 * each time. A view counts with its whole ArrayBuffer, once for all views of it: a Buffer from Node's pool keeps all of
 * its 8 KB alive. Fields of a primitive count nothing beyond their place; functions and symbols are not looked into.
 *
 * Iterative: the depth of a value cannot exhaust the stack. Cost: O(properties).
 */
export function heapSize(value: unknown): number {
  return new HeapWalk().measure(value);
}

/** Bytes of a value that is not an object, besides the pointer to it. */
export function primitiveHeapBytes(value: unknown): number {
  switch (typeof value) {
    case 'string':
      return stringHeapBytes(value);
    case 'number':
      return layout.isSmallInteger(value) ? 0 : layout.HEAP_NUMBER_BYTES;
    case 'bigint':
      return layout.bigintBytes(value);
    default:
      return 0;
  }
}

class HeapWalk {
  #bytes = 0;
  readonly #stack: object[] = [];
  readonly #seen = new Set<unknown>();

  measure(root: unknown): number {
    this.#take(root);
    for (let object = this.#stack.pop(); object !== undefined; object = this.#stack.pop()) this.#enter(object);
    return this.#bytes;
  }

  #take(value: unknown): void {
    if (typeof value === 'object' && value !== null) {
      if (this.#firstTime(value)) this.#stack.push(value);
    } else if (typeof value !== 'string' || value.length > layout.SHARED_STRING_LENGTH || this.#firstTime(value)) {
      this.#bytes += primitiveHeapBytes(value);
    }
  }

  #firstTime(value: unknown): boolean {
    if (this.#seen.has(value)) return false;
    this.#seen.add(value);
    return true;
  }

  #enter(object: object): void {
    switch (kindOf(object)) {
      case 'array':
        return this.#enterArray(object as unknown[]);
      case 'map':
        this.#bytes += layout.collectionBytes((object as Map<unknown, unknown>).size, 3) + ownFieldBytes(object);
        for (const [key, value] of Map.prototype.entries.call(object)) {
          this.#take(key);
          this.#take(value);
        }
        return;
      case 'set':
        this.#bytes += layout.collectionBytes((object as Set<unknown>).size, 2) + ownFieldBytes(object);
        for (const value of Set.prototype.values.call(object)) this.#take(value);
        return;
      case 'date':
        this.#bytes += layout.DATE_BYTES + ownFieldBytes(object);
        return;
      case 'regexp':
        this.#bytes += layout.REGEXP_BYTES + stringHeapBytes((object as RegExp).source);
        return;
      case 'error':
        this.#bytes += layout.ERROR_BYTES;
        for (const field of errorFields(object)) this.#take(field.value);
        return;
      case 'boxed':
        this.#bytes += layout.BOXED_BYTES;
        return this.#take((object as { valueOf(): unknown }).valueOf());
      case 'view':
        this.#bytes += layout.VIEW_BYTES;
        return this.#take((object as ArrayBufferView).buffer);
      case 'buffer':
        this.#bytes += layout.bufferBytes(object as ArrayBuffer);
        return;
      case 'plain':
        return this.#enterFields(object, true);
      default:
        return this.#enterFields(object, false);
    }
  }

  #enterArray(array: readonly unknown[]): void {
    const keys = layout.isSparse(array) ? Object.keys(array) : undefined;
    const slots = keys?.length ?? array.length;
    this.#bytes += layout.ARRAY_BYTES + (slots > 0 ? layout.ELEMENTS_HEADER_BYTES : 0);
    this.#bytes += slots * (keys ? layout.TABLE_ELEMENT_BYTES : layout.POINTER_BYTES);
    // An array of nothing but numbers holds them unboxed, in the place of the pointers, until it is frozen.
    if (!keys && !Object.isFrozen(array) && array.every((value) => typeof value === 'number')) return;
    for (const key of keys ?? array.keys()) this.#take(array[key as number]);
  }

  #enterFields(object: object, isPlain: boolean): void {
    const fields = object as Record<string, unknown>;
    const names = Object.keys(fields);
    const isTable = names.length > layout.FAST_FIELD_LIMIT;
    if (isTable) this.#bytes += layout.OBJECT_BYTES + names.length * layout.TABLE_FIELD_BYTES;
    // Whoever freezes plain data has copied it before, as `frozen` mode does; copies are made field by field.
    else if (isPlain && Object.isFrozen(object)) this.#bytes += layout.builtBytes(names.length);
    else this.#bytes += layout.literalBytes(names.length);
    for (const name of names) {
      // Names of ordinary objects belong to their shape, which all objects made alike share.
      if (isTable) this.#bytes += stringHeapBytes(name);
      this.#take(fields[name]);
    }
  }
}

/** Fields put on an object that is not a plain one, such as the ones that make a Map read-only. */
function ownFieldBytes(object: object): number {
  const count = Object.getOwnPropertyNames(object).length;
  return count === 0 ? 0 : layout.ELEMENTS_HEADER_BYTES + count * layout.POINTER_BYTES;
}
