import { types } from 'node:util';

/** What an object is, as far as storing it is concerned. Subclasses of built-in types have the kind of their base. */
export type ObjectKind =
  'plain' | 'array' | 'map' | 'set' | 'date' | 'regexp' | 'error' | 'boxed' | 'view' | 'buffer' | 'instance';

const builtinPrototypes = new WeakMap<object, boolean>();

/**
 * Kind of `object`. Meant for what {@link refusalOf} lets through; everything that is not one of the built-in data types
 * is an `instance`.
 *
 * Works across realms (`vm` contexts, test runners): the checks look at internal slots, not at constructors.
 */
export function kindOf(object: object): ObjectKind {
  const prototype: object | null = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null) return 'plain';
  if (Array.isArray(object)) return 'array';
  if (types.isDate(object)) return 'date';
  if (types.isMap(object)) return 'map';
  if (types.isSet(object)) return 'set';
  if (ArrayBuffer.isView(object)) return 'view';
  if (types.isArrayBuffer(object)) return 'buffer';
  if (types.isRegExp(object)) return 'regexp';
  if (types.isNativeError(object)) return 'error';
  if (types.isBoxedPrimitive(object)) return 'boxed';
  return isForeignObjectPrototype(prototype) ? 'plain' : 'instance';
}

/** Whether `object` belongs to a class of the application's (or of a library's), not to the language. */
export function isClassInstance(object: object, kind: ObjectKind): boolean {
  if (kind === 'plain') return false;
  if (kind === 'instance') return true;
  const prototype: object = Object.getPrototypeOf(object);
  return prototype !== Array.prototype && prototype !== Buffer.prototype && !isBuiltinPrototype(prototype);
}

/** Whether an instance of a subclass of this kind may hold fields that structured cloning of its base leaves out. */
export function hasFieldsBeside(kind: ObjectKind): boolean {
  return kind === 'map' || kind === 'set' || kind === 'date' || kind === 'regexp';
}

/**
 * Whether the data of an instance cannot be seen from outside: a class that labels itself (`URL`, `Headers`,
 * `Intl.NumberFormat`) and shows no field keeps them in private slots, which no copy can reach.
 */
export function hidesItsData(instance: object): boolean {
  return Symbol.toStringTag in instance && Object.keys(instance).length === 0 && kindOf(instance) === 'instance';
}

/** Name of the class of `instance`, for messages. */
export function classNameOf(instance: object): string {
  const prototype = Object.getPrototypeOf(instance) as { constructor?: unknown } | null;
  const constructor = prototype?.constructor;
  return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : '(anonymous class)';
}

/** Whether `prototype` is one that the language itself made, in any realm. */
function isBuiltinPrototype(prototype: object): boolean {
  let known = builtinPrototypes.get(prototype);
  if (known === undefined) {
    const constructor = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value as unknown;
    known =
      typeof constructor === 'function' &&
      /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(constructor));
    builtinPrototypes.set(prototype, known);
  }
  return known;
}

function isForeignObjectPrototype(prototype: object): boolean {
  return Object.getPrototypeOf(prototype) === null && isBuiltinPrototype(prototype);
}
