import type { DecodedForm } from './decoded-form.js';

/** How a stored form is to be read; kept beside it in the slot. */
export const StoredKind = {
  /** The value itself: a primitive, or the object of `shared` and `frozen` mode. */
  DIRECT: 0,
  /** A JSON text. */
  JSON: 1,
  /** A checksummed frame, compressed or not: a small one as a one-byte string, a larger one as a Buffer. */
  FRAME: 2,
  /** A small plain value, see `row.ts`. */
  ROW: 3,
} as const;
export type StoredKind = (typeof StoredKind)[keyof typeof StoredKind];

/** A value in the form in which the store keeps it. */
export interface StoredValue {
  readonly kind: StoredKind;
  readonly data: unknown;
  /** Bytes of the value as serialized, before compression; an estimate of the heap it takes where it is kept as an object. */
  readonly originalBytes: number;
  /** Bytes of `data` as stored; equals `originalBytes` where nothing was compressed. */
  readonly storedBytes: number;
  /** What V8 takes to hold `data`, headers and padding included; this is what counts against the limit. */
  readonly heldBytes: number;
  /** ArrayBuffers in `data` that other values may share; each counts as a whole in `heldBytes`. */
  readonly sharedBuffers?: readonly ArrayBufferLike[];
  /** There where `data` is as it came because compressing it would hold the event loop for long. */
  readonly deferred?: DeferredCompression;
}

/** The smaller form of a value that was stored before it was compressed; `undefined` where it does not shrink. */
export interface DeferredCompression {
  /** At once, on the calling thread: where the form as it is does not fit. */
  now(): StoredValue | undefined;
  /** On another thread. Rejects where that fails, and soon after `signal` was aborted. */
  offLoop(signal: AbortSignal): Promise<StoredValue | undefined>;
}

/**
 * Turns values into what the store keeps and back.
 *
 * `decode(encode(v))` equals `v` for everything that `encode` accepts; what it cannot bring back it refuses.
 */
export interface ValueCodec {
  /** @throws {InvalidValueError} naming the path inside the value that cannot be stored. */
  encode(value: unknown): StoredValue;
  /** @throws {CodecError} where `data` does not prove itself. */
  decode(kind: StoredKind, data: unknown): unknown;
  /**
   * What is stored so, made ready for many hits; `undefined` where to decode it again costs no more.
   *
   * @throws {CodecError} where `data` does not prove itself.
   */
  open(kind: StoredKind, data: unknown): DecodedForm | undefined;
}
