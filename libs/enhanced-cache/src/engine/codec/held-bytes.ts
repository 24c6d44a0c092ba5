import { heapSize, primitiveHeapBytes } from '../sizing/heap-size.js';
import { ARRAY_BUFFER_BYTES, POINTER_BYTES, VIEW_BYTES } from '../sizing/heap-layout.js';
import { stringHeapBytes } from '../sizing/string-size.js';
import { CompressionId } from './compressor.js';
import { COMPRESSION_OFFSET, composeFrame, FRAME_HEADER_BYTES, type Payload, writeFrame } from './frame.js';
import { ImmutableValue } from './immutable-value.js';
import { type Row, rowBytes } from './row.js';
import { StoredKind } from './value-codec.js';

/**
 * Frames below this many bytes are held as a one-byte string, not as a Buffer: a Buffer takes some 260 bytes besides its
 * content (its own object, that of its ArrayBuffer, the record of the memory outside of the heap), a string 16.
 */
export const STRING_FRAME_BYTES = 1024;

/** Where frames that are to become strings are put together, so that they need no memory of their own before. */
const workbench = Buffer.allocUnsafeSlow(STRING_FRAME_BYTES);

/** The frame of `payload`, given as in {@link writeFrame}, in the form in which it is held. */
export function holdFrame(payload: Payload, compression: CompressionId, stored: Uint8Array): Buffer | string {
  const length = FRAME_HEADER_BYTES + stored.byteLength;
  if (length >= STRING_FRAME_BYTES) return writeFrame(payload, compression, stored);
  const frame = workbench.subarray(0, length);
  composeFrame(frame, payload, compression, stored);
  return frame.toString('latin1');
}

/** Whether the payload of a held frame is compressed. */
export function isCompressedFrame(data: unknown): boolean {
  const compression =
    typeof data === 'string' ? data.charCodeAt(COMPRESSION_OFFSET) : (data as Uint8Array)[COMPRESSION_OFFSET];
  return compression !== CompressionId.NONE;
}

/** The bytes of a held frame; `undefined` where `data` is no frame. */
export function frameBytes(data: unknown): Uint8Array | undefined {
  if (typeof data === 'string') return Buffer.from(data, 'latin1');
  return data instanceof Uint8Array ? data : undefined;
}

/**
 * Bytes that V8 and the memory outside of its heap take to hold a stored form; never 0. Depends on nothing but its
 * arguments, so that the sum over all entries can be derived again at any time.
 */
export function measureStored(kind: StoredKind, data: unknown): number {
  if (kind === StoredKind.DIRECT) return heldDirectly(data);
  if (kind === StoredKind.ROW) return rowBytes(data as Row);
  if (typeof data === 'string') return stringHeapBytes(data);
  return VIEW_BYTES + ARRAY_BUFFER_BYTES + (data as Uint8Array).byteLength;
}

function heldDirectly(data: unknown): number {
  if (data instanceof ImmutableValue) return data.heldBytes;
  const bytes = typeof data === 'object' && data !== null ? heapSize(data) : primitiveHeapBytes(data);
  return Math.max(bytes, POINTER_BYTES);
}
