import type { CompressionLevel } from '../options/enums.js';

/** How a payload is compressed; recorded in the frame, so a number never changes its meaning. */
export const CompressionId = { NONE: 0, RAW_DEFLATE: 1, ZSTD: 2 } as const;
export type CompressionId = (typeof CompressionId)[keyof typeof CompressionId];

/** How hard to try, without "not at all". */
export type EffortLevel = Exclude<CompressionLevel, 0>;

/**
 * Makes bytes smaller and back.
 *
 * Compressors of the same {@link id} read each other's output. None of them checks integrity: raw DEFLATE has no
 * checksum, the frame around it carries one.
 */
export interface Compressor {
  readonly id: CompressionId;
  /** The result may share memory with a larger buffer: copy what is to be kept. */
  compress(bytes: Uint8Array, level: EffortLevel): Uint8Array;
  /**
   * Never allocates more than `originalLength` bytes, plus a constant, whatever the input says.
   *
   * @throws {CodecError} where the input is no such stream or does not give exactly `originalLength` bytes.
   */
  decompress(bytes: Uint8Array, originalLength: number): Uint8Array;
  /** Compression on another thread, where there is such a thing. */
  readonly offLoop?: OffLoopCompression;
}

/** Compressing without holding the event loop. */
export interface OffLoopCompression {
  /** From so many bytes on it spares the calling thread more than it costs there. */
  readonly fromBytes: number;
  /**
   * As {@link Compressor.compress}. `bytes` must not change meanwhile.
   *
   * Rejects where it fails, and soon after `signal` was aborted: within the time that some 100 KB of result take.
   */
  compress(bytes: Uint8Array, level: EffortLevel, signal: AbortSignal): Promise<Uint8Array>;
}

/** The formats that this process knows: which one to write a payload in, and who reads what was written. */
export interface CompressorSet {
  /** The compressor that pays best for a payload of `sizeBytes`. */
  writer(sizeBytes: number, level: EffortLevel): Compressor;
  /** Who reads the format of that number; `undefined` where this process cannot. */
  reader(id: number): Compressor | undefined;
}
