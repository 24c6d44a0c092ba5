import { flattenString } from '../sizing/flatten.js';
import { isSparse } from '../sizing/heap-layout.js';
import { errorFields, errorTypeOf, restoreError } from './error-fields.js';
import { kindOf } from './object-kind.js';
import { extendWithHoles, setOwnField } from './own-field.js';
import { bytesOf, viewFrom, viewTypeOf } from './view-types.js';

/**
 * A copy of `value` in which nothing can be changed, cycles and shared references kept. Texts in it share memory with no
 * other text: they may have been cut out of a large one.
 *
 * Objects, arrays, Maps, Sets, Dates, regular expressions and errors are copied, so the caller's own stay as they are.
 * Class instances cannot be copied faithfully: they, and all that is reachable from them, are kept and frozen where they
 * stand. Bytes are copied but stay writable; the language knows no frozen bytes.
 *
 * @param instances the class instances inside `value`.
 */
export function frozenCopy(value: unknown, instances: readonly object[]): unknown {
  const kept = reachableFrom(instances);
  const copier = new FreezingCopier(kept);
  const copy = copier.copy(value);
  for (const object of kept) freezeInPlace(object);
  return copy;
}

class FreezingCopier {
  readonly #copies = new Map<object, object>();
  readonly #stack: object[] = [];

  constructor(kept: Iterable<object>) {
    for (const object of kept) this.#copies.set(object, object);
  }

  copy(root: unknown): unknown {
    const copy = this.#copyOf(root);
    const filled: object[] = [];
    for (let source = this.#stack.pop(); source !== undefined; source = this.#stack.pop()) {
      const target = this.#copies.get(source) as object;
      this.#fill(source, target);
      filled.push(target);
    }
    filled.forEach(freezeInPlace);
    return copy;
  }

  #copyOf(value: unknown): unknown {
    if (typeof value === 'string') return flattenString(value);
    if (typeof value !== 'object' || value === null) return value;
    let copy = this.#copies.get(value);
    if (copy === undefined) {
      this.#copies.set(value, (copy = emptyCopy(value)));
      this.#stack.push(value);
    }
    return copy;
  }

  #fill(source: object, target: object): void {
    switch (kindOf(source)) {
      case 'map':
        for (const [key, value] of Map.prototype.entries.call(source)) {
          Map.prototype.set.call(target, this.#copyOf(key), this.#copyOf(value));
        }
        return;
      case 'set':
        for (const value of Set.prototype.values.call(source)) Set.prototype.add.call(target, this.#copyOf(value));
        return;
      case 'error': {
        const fields = errorFields(source).map((field) => ({ ...field, value: this.#copyOf(field.value) }));
        return restoreError(target, errorTypeOf(source), fields);
      }
      case 'plain':
      case 'array':
        for (const name of Object.keys(source)) {
          setOwnField(target, name, this.#copyOf((source as Record<string, unknown>)[name]));
        }
        if (Array.isArray(source)) extendWithHoles(target as unknown[], source.length);
    }
  }
}

function emptyCopy(source: object): object {
  switch (kindOf(source)) {
    case 'array': {
      const array = source as unknown[];
      // Given its length, it takes no more than that; an array that grows element by element takes half as much again.
      return isSparse(array) ? [] : new Array<unknown>(array.length);
    }
    case 'map':
      return new Map();
    case 'set':
      return new Set();
    case 'date':
      return new Date(Date.prototype.getTime.call(source));
    case 'regexp':
      // It starts at 0, as a structured clone does: where a search stopped is not part of the value.
      return new RegExp((source as RegExp).source, (source as RegExp).flags);
    case 'error':
      return new Error();
    case 'boxed':
      return Object((source as { valueOf(): unknown }).valueOf()) as object;
    case 'view':
    case 'buffer': {
      const binary = source as ArrayBuffer | ArrayBufferView;
      return viewFrom(viewTypeOf(binary) ?? 0, bytesOf(binary));
    }
    default:
      return Object.create(Object.getPrototypeOf(source)) as object;
  }
}

function freezeInPlace(object: object): void {
  if (ArrayBuffer.isView(object)) return;
  const guards = GUARDS[kindOf(object)];
  // What its owner froze before cannot be guarded any further.
  if (guards && Object.isExtensible(object)) Object.defineProperties(object, guards);
  Object.freeze(object);
}

/** Freezing does not reach what Map, Set and Date hold in internal slots; their mutators are covered by ones that throw. */
const GUARDS: Readonly<Partial<Record<string, PropertyDescriptorMap>>> = {
  map: guardsFor('Map', ['set', 'delete', 'clear']),
  set: guardsFor('Set', ['add', 'delete', 'clear']),
  date: guardsFor(
    'Date',
    Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith('set')),
  ),
};

function guardsFor(type: string, mutators: readonly string[]): PropertyDescriptorMap {
  const refuse = (): never => {
    throw new TypeError(`this ${type} is a frozen cached value; isolation: 'copy' gives copies that may be changed`);
  };
  return Object.fromEntries(mutators.map((name) => [name, { value: refuse, enumerable: false }]));
}

function reachableFrom(instances: readonly object[]): Set<object> {
  const reached = new Set<object>(instances);
  // A Set that grows while it is walked hands out what was added, each object once.
  for (const object of reached) {
    for (const part of partsOf(object)) if (typeof part === 'object' && part !== null) reached.add(part);
  }
  return reached;
}

function partsOf(object: object): unknown[] {
  const fields = ArrayBuffer.isView(object) ? [] : Object.values(object);
  switch (kindOf(object)) {
    case 'map':
      return [...fields, ...Map.prototype.keys.call(object), ...Map.prototype.values.call(object)];
    case 'set':
      return [...fields, ...Set.prototype.values.call(object)];
    case 'error':
      return errorFields(object).map((field) => field.value);
    default:
      return fields;
  }
}
