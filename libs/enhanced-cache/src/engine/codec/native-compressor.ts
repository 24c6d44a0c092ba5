import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CodecError } from '../errors.js';
import { CompressionId, type Compressor, type EffortLevel } from './compressor.js';
import { deflateOptions } from './deflate-options.js';

/** The smallest `chunkSize` that node:zlib takes. */
const MIN_CHUNK_BYTES = 64;

/** Raw DEFLATE by node:zlib, on the calling thread. */
export class NativeCompressor implements Compressor {
  readonly id = CompressionId.RAW_DEFLATE;

  compress(bytes: Uint8Array, level: EffortLevel): Uint8Array {
    return deflateRawSync(bytes, deflateOptions(bytes.byteLength, level));
  }

  decompress(bytes: Uint8Array, originalLength: number): Uint8Array {
    let inflated: Uint8Array;
    try {
      inflated = inflateRawSync(bytes, {
        maxOutputLength: Math.max(originalLength, 1),
        // One byte more than is needed: where the result fills its memory to the last byte, zlib is asked once again.
        chunkSize: Math.max(originalLength + 1, MIN_CHUNK_BYTES),
      });
    } catch (error) {
      throw new CodecError('compressed payload: not a DEFLATE stream of the recorded length', { cause: error });
    }
    if (inflated.byteLength !== originalLength) {
      throw new CodecError(`compressed payload: expected ${originalLength} bytes, received ${inflated.byteLength}`);
    }
    return inflated;
  }
}
