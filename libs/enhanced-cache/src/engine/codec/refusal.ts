import { types } from 'node:util';

const REFUSED_TAGS: ReadonlyMap<string, string> = new Map([
  ...['ReadableStream', 'WritableStream', 'TransformStream', 'CompressionStream', 'DecompressionStream'].map(
    (tag) => [tag, 'a stream cannot be stored; read it to its end and store what it held'] as const,
  ),
  ...['Response', 'Request', 'Blob', 'File'].map(
    (tag) =>
      [
        tag,
        `a ${tag} cannot be stored; read it (\`await ….json()\`, \`.arrayBuffer()\`) and store the result`,
      ] as const,
  ),
  ...['WeakRef', 'FinalizationRegistry', 'MessagePort', 'BroadcastChannel', 'AbortSignal', 'Atomics'].map(
    (tag) => [tag, `a ${tag} cannot be stored`] as const,
  ),
]);

/**
 * Why `value` itself (not what it holds) cannot be stored under any isolation, or `undefined` where it can.
 *
 * Refused: functions, symbols, promises and thenables, streams, observables, generators and iterators, weak
 * collections, proxies, shared or detached memory, handles of keys and of native code.
 */
export function refusalOf(value: unknown): string | undefined {
  if (typeof value === 'function') return 'a function cannot be stored';
  if (typeof value === 'symbol') return 'a symbol cannot be stored';
  return typeof value === 'object' && value !== null ? objectRefusal(value) : undefined;
}

/** {@link refusalOf} for what is known to be an object. */
export function objectRefusal(object: object): string | undefined {
  if (types.isProxy(object)) return 'a Proxy cannot be stored; store a plain copy of it';
  const prototype: object | null = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null || prototype === Array.prototype) return undefined;
  if (types.isDate(object) || types.isMap(object) || types.isSet(object) || types.isRegExp(object)) return undefined;
  if (ArrayBuffer.isView(object)) return memoryRefusal(object.buffer);
  if (types.isAnyArrayBuffer(object)) return memoryRefusal(object);
  if (types.isPromise(object)) return 'a promise cannot be stored; await it first';
  if (types.isWeakMap(object) || types.isWeakSet(object)) return 'a weak collection cannot be stored';
  if (types.isGeneratorObject(object)) return 'a generator cannot be stored; collect what it yields first';
  if (types.isSymbolObject(object)) return 'a symbol cannot be stored';
  if (types.isModuleNamespaceObject(object)) return 'a module cannot be stored';
  if (types.isExternal(object) || types.isKeyObject(object) || types.isCryptoKey(object)) {
    return 'a handle of native code or of a key cannot be stored';
  }
  return taggedRefusal(object) ?? duckRefusal(object as Readonly<Record<PropertyKey, unknown>>);
}

function memoryRefusal(buffer: ArrayBufferLike): string | undefined {
  if (types.isSharedArrayBuffer(buffer)) return 'shared memory cannot be stored; copy the bytes first';
  return buffer.byteLength === 0 && isDetached(buffer) ? 'a detached ArrayBuffer cannot be stored' : undefined;
}

function isDetached(buffer: ArrayBuffer): boolean {
  try {
    return new Uint8Array(buffer).byteLength > 0;
  } catch (error) {
    // The language offers no other question on Node 20: a view over detached memory is a TypeError.
    return (error as Error).name === 'TypeError';
  }
}

function taggedRefusal(object: object): string | undefined {
  if (!(Symbol.toStringTag in object)) return undefined;
  const tag = Object.prototype.toString.call(object).slice('[object '.length, -1);
  if (tag.endsWith('Iterator')) return 'an iterator cannot be stored; collect what it yields first';
  return REFUSED_TAGS.get(tag);
}

function duckRefusal(object: Readonly<Record<PropertyKey, unknown>>): string | undefined {
  if (typeof object.then === 'function') return 'a promise cannot be stored; await it first';
  if (typeof object.pipe === 'function' && typeof object.on === 'function') {
    return 'a stream cannot be stored; read it to its end and store what it held';
  }
  if (typeof object.getStream === 'function')
    return 'a stream cannot be stored; read it to its end and store what it held';
  if (typeof object['@@observable'] === 'function') return 'an observable cannot be stored; await its last value first';
  if (typeof object[Symbol.asyncIterator] === 'function') {
    return 'an asynchronous iterable cannot be stored; collect what it yields first';
  }
  return undefined;
}
