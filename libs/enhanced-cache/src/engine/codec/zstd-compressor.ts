import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { CodecError } from '../errors.js';
import { CompressionLevel } from '../options/enums.js';
import { CompressionId, type Compressor, type EffortLevel, type OffLoopCompression } from './compressor.js';
import { chunkBytesFor, throughStream } from './through-stream.js';

interface ZstdOptions {
  readonly params?: Record<number, number>;
  readonly chunkSize?: number;
  readonly maxOutputLength?: number;
  readonly pledgedSrcSize?: number;
}

type ZstdFunction = (bytes: Uint8Array, options: ZstdOptions) => Buffer;

/** What node:zlib has from Node 22.15 and 23.8 on, and its type definitions for Node 20 do not tell of. */
interface ZstdApi {
  readonly zstdCompressSync: ZstdFunction;
  readonly zstdDecompressSync: ZstdFunction;
  readonly createZstdCompress: (options: ZstdOptions) => Transform;
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_d_windowLogMax: number };
}

/** zstd's own levels. Its default takes a quarter of the time of DEFLATE's, see {@link AvailableCompressors}. */
const LEVELS = { [CompressionLevel.FAST]: 1, [CompressionLevel.DEFAULT]: 3, [CompressionLevel.MAX]: 9 } as const;
/** The smallest that zstd takes, 1 KiB. */
const MIN_WINDOW_LOG = 10;
/** The smallest `chunkSize` that node:zlib takes. */
const MIN_CHUNK_BYTES = 64;

/** zstd takes a third of the time of DEFLATE or less, the ways to another thread and back take the same. */
const OFF_LOOP_FROM_BYTES = 128 * 1024;

/** Zstandard (RFC 8878) by node:zlib. Only where Node has it: {@link zstdCompressor}. */
class ZstdCompressor implements Compressor {
  readonly id = CompressionId.ZSTD;
  readonly offLoop: OffLoopCompression = {
    fromBytes: OFF_LOOP_FROM_BYTES,
    compress: (bytes, level, signal) => {
      const { byteLength } = bytes;
      // A stream does not see how much will come. Where it is told, it asks the reader for no larger window than needed.
      const options = { ...this.#options(level), pledgedSrcSize: byteLength, chunkSize: chunkBytesFor(byteLength) };
      return throughStream(this.zstd.createZstdCompress(options), bytes, signal);
    },
  };

  constructor(private readonly zstd: ZstdApi) {}

  compress(bytes: Uint8Array, level: EffortLevel): Uint8Array {
    return this.zstd.zstdCompressSync(bytes, this.#options(level));
  }

  decompress(bytes: Uint8Array, originalLength: number): Uint8Array {
    const { zstdDecompressSync, constants } = this.zstd;
    let decompressed: Uint8Array;
    try {
      decompressed = zstdDecompressSync(bytes, {
        maxOutputLength: Math.max(originalLength, 1),
        chunkSize: Math.max(originalLength + 1, MIN_CHUNK_BYTES),
        // A frame may ask for a window of gigabytes. One that was made of `originalLength` bytes needs no more than these.
        params: { [constants.ZSTD_d_windowLogMax]: Math.max(32 - Math.clz32(originalLength), MIN_WINDOW_LOG) },
      });
    } catch (error) {
      throw new CodecError('compressed payload: not a zstd stream of the recorded length', { cause: error });
    }
    if (decompressed.byteLength !== originalLength) {
      throw new CodecError(`compressed payload: expected ${originalLength} bytes, received ${decompressed.byteLength}`);
    }
    return decompressed;
  }

  #options(level: EffortLevel): ZstdOptions {
    return { params: { [this.zstd.constants.ZSTD_c_compressionLevel]: LEVELS[level] } };
  }
}

/** `undefined` where this Node has no zstd: before 22.15, and 23.0 to 23.7. */
export function zstdCompressor(): Compressor | undefined {
  const api: Partial<ZstdApi> & Pick<typeof zlib, 'constants'> = zlib as never;
  return typeof api.zstdCompressSync === 'function' && typeof api.zstdDecompressSync === 'function'
    ? new ZstdCompressor(api as ZstdApi)
    : undefined;
}
