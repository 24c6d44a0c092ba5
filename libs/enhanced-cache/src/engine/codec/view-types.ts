import { CodecError } from '../errors.js';

type ViewMaker = (bytes: ArrayBuffer) => ArrayBuffer | ArrayBufferView;

/**
 * Types of bytes, by the number that frames record. Only ever append: the place in the list is the number.
 * 0 stands for "not bytes".
 */
const MAKERS: readonly (readonly [name: string, elementBytes: number, make: ViewMaker])[] = [
  ['none', 0, () => new ArrayBuffer(0)],
  ['ArrayBuffer', 1, (bytes) => bytes],
  ['Buffer', 1, (bytes) => Buffer.from(bytes)],
  ['Uint8Array', 1, (bytes) => new Uint8Array(bytes)],
  ['Uint8ClampedArray', 1, (bytes) => new Uint8ClampedArray(bytes)],
  ['Int8Array', 1, (bytes) => new Int8Array(bytes)],
  ['Uint16Array', 2, (bytes) => new Uint16Array(bytes)],
  ['Int16Array', 2, (bytes) => new Int16Array(bytes)],
  ['Uint32Array', 4, (bytes) => new Uint32Array(bytes)],
  ['Int32Array', 4, (bytes) => new Int32Array(bytes)],
  ['Float32Array', 4, (bytes) => new Float32Array(bytes)],
  ['Float64Array', 8, (bytes) => new Float64Array(bytes)],
  ['BigInt64Array', 8, (bytes) => new BigInt64Array(bytes)],
  ['BigUint64Array', 8, (bytes) => new BigUint64Array(bytes)],
  ['DataView', 1, (bytes) => new DataView(bytes)],
];
const NUMBER_OF = new Map(MAKERS.map(([name], number) => [name, number]));
const BUFFER = 2;

/** How many types there are; numbers from 1 up to below it are known. */
export const VIEW_TYPE_COUNT = MAKERS.length;

/** The number of the type of `binary`; subclasses have that of their base. `undefined` for a type that is not known. */
export function viewTypeOf(binary: ArrayBuffer | ArrayBufferView): number | undefined {
  if (Buffer.isBuffer(binary)) return BUFFER;
  return NUMBER_OF.get(Object.prototype.toString.call(binary).slice('[object '.length, -1));
}

/** Name of a type, for formats that people read. */
export function viewTypeName(type: number): string {
  return MAKERS[type][0];
}

/** The type of that name, or `undefined`. */
export function viewTypeNamed(name: string): number | undefined {
  const type = NUMBER_OF.get(name);
  return type === 0 ? undefined : type;
}

/** The very bytes that `binary` shows, not a copy: only its own part of a larger ArrayBuffer. */
export function bytesOf(binary: ArrayBuffer | ArrayBufferView): Buffer {
  return ArrayBuffer.isView(binary)
    ? Buffer.from(binary.buffer, binary.byteOffset, binary.byteLength)
    : Buffer.from(binary);
}

/**
 * A new object of `type` over an exact copy of `bytes`.
 *
 * @throws {CodecError} where the type is not known or the bytes do not fill whole elements.
 */
export function viewFrom(type: number, bytes: Uint8Array): ArrayBuffer | ArrayBufferView {
  const entry = type > 0 ? MAKERS[type] : undefined;
  if (entry === undefined) throw new CodecError(`bytes: type ${type} is not known`);
  const [name, elementBytes, make] = entry;
  if (bytes.byteLength % elementBytes !== 0) {
    throw new CodecError(`bytes: ${bytes.byteLength} bytes do not fill whole elements of ${name}`);
  }
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return make(copy);
}
