import { flattenString } from '../sizing/flatten.js';
import { partialBuffers } from '../sizing/partial-buffers.js';
import { isOneByte } from '../sizing/string-size.js';
import { measureStored } from './held-bytes.js';
import { StoredKind, type StoredValue } from './value-codec.js';

/** The form in which a primitive is stored: itself, a string as a copy that pins no other string. */
export function storePrimitive(value: unknown): StoredValue {
  if (typeof value !== 'string') return storeDirect(value);
  const data = flattenString(value);
  const bytes = textBytes(value);
  return {
    kind: StoredKind.DIRECT,
    data,
    originalBytes: bytes,
    storedBytes: bytes,
    heldBytes: measureStored(StoredKind.DIRECT, data),
  };
}

/** The form in which a value is stored as it is; its size is that of its heap. */
export function storeDirect(value: unknown): StoredValue {
  return storeMeasured(value, measureStored(StoredKind.DIRECT, value));
}

/** {@link storeDirect} for a value whose size is known. */
export function storeMeasured(value: unknown, bytes: number): StoredValue {
  return { kind: StoredKind.DIRECT, data: value, originalBytes: bytes, storedBytes: bytes, heldBytes: bytes };
}

/** {@link storeDirect} of a value that holds bytes. */
export function storeWithBytes(value: object): StoredValue {
  const sharedBuffers = partialBuffers(value);
  return sharedBuffers.length === 0 ? storeDirect(value) : { ...storeDirect(value), sharedBuffers };
}

/** Bytes of `text` as it is serialized: one a character where all fit, UTF-8 otherwise. */
export function textBytes(text: string): number {
  return isOneByte(text) ? text.length : Buffer.byteLength(text);
}
