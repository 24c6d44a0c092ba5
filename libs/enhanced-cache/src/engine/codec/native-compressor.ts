import { createDeflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib';
import { CodecError } from '../errors.js';
import { CompressionId, type Compressor, type EffortLevel, type OffLoopCompression } from './compressor.js';
import { deflateOptions } from './deflate-options.js';
import { chunkBytesFor, throughStream } from './through-stream.js';

/** The smallest `chunkSize` that node:zlib takes. */
const MIN_CHUNK_BYTES = 64;

/**
 * Where another thread compresses, the calling thread is busy for so many µs, against compressing itself at FAST | DEFAULT,
 * measured on Node 20.20 over JSON and prose: 16 KB 25 to 85 against 72 to 141 | 139 to 401; 32 KB 50 to 100 against
 * 130 to 253 | 308 to 1027; 256 KB 40 to 185 against 1062 to 1742 | 2911 to 10848.
 */
const OFF_LOOP_FROM_BYTES = 32 * 1024;

/** Raw DEFLATE by node:zlib. */
export class NativeCompressor implements Compressor {
  readonly id = CompressionId.RAW_DEFLATE;
  readonly offLoop: OffLoopCompression = {
    fromBytes: OFF_LOOP_FROM_BYTES,
    compress: (bytes, level, signal) =>
      throughStream(createDeflateRaw({ level, chunkSize: chunkBytesFor(bytes.byteLength) }), bytes, signal),
  };

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
