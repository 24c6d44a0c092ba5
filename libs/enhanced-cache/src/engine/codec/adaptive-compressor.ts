import { type Compressor, CompressionId, type EffortLevel } from './compressor.js';
import { FflateCompressor } from './fflate-compressor.js';
import { NativeCompressor } from './native-compressor.js';

/**
 * Originals below this many bytes are inflated by fflate, from here on by node:zlib.
 *
 * Measured on Node 20.20 over JSON, µs a call, fflate | native: 64 B 0.6 | 1.7, 128 B 0.9 | 1.9, 192 B 1.2 | 2.0,
 * 256 B 4.0 | 3.0, 1 KB 8.0 | 3.7, 16 KB 61 | 9.3. The step is where encoders begin to send their own Huffman tables,
 * which JavaScript is slow to build.
 */
export const INFLATE_CROSSOVER_BYTES = 224;

/**
 * The faster of the two for each call. They write and read the same format, so the choice may differ between writing
 * and reading. node:zlib compresses faster at every size (1 KB: 10 against 26 µs; 16 KB: 140 against 330 µs).
 */
export class AdaptiveCompressor implements Compressor {
  readonly id = CompressionId.RAW_DEFLATE;
  readonly #native = new NativeCompressor();
  readonly #fflate = new FflateCompressor();
  readonly offLoop = this.#native.offLoop;

  compress(bytes: Uint8Array, level: EffortLevel): Uint8Array {
    return this.#native.compress(bytes, level);
  }

  decompress(bytes: Uint8Array, originalLength: number): Uint8Array {
    const faster = originalLength < INFLATE_CROSSOVER_BYTES ? this.#fflate : this.#native;
    return faster.decompress(bytes, originalLength);
  }
}
