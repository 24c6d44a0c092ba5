import { CompressionLevel } from '../options/enums.js';
import { AdaptiveCompressor } from './adaptive-compressor.js';
import { CompressionId, type Compressor, type CompressorSet, type EffortLevel } from './compressor.js';

/**
 * Payloads of so many bytes or more are written in zstd where Node has it, by effort.
 *
 * Measured on Node 24.21 (`npm run bench:compressors`) as processor time, µs to write / to read · ratio, DEFLATE | zstd at their levels for the effort:
 *
 * |                  | FAST                             | DEFAULT                           | MAX                               |
 * | ---------------- | -------------------------------- | --------------------------------- | --------------------------------- |
 * | JSON, 2 KB       | 15 / 5 · 0.33 \| 17 / 13 · 0.32  | 19 / 5 · 0.31 \| 18 / 13 · 0.32   | 23 / 5 · 0.30 \| 40 / 13 · 0.30   |
 * | JSON, 8 KB       | 44 / 10 · 0.27 \| 27 / 16 · 0.24 | 72 / 10 · 0.23 \| 37 / 17 · 0.25  | 95 / 9 · 0.23 \| 152 / 16 · 0.22  |
 * | JSON, 16 KB      | 76 / 21 · 0.26 \| 39 / 21 · 0.23 | 141 / 18 · 0.22 \| 53 / 21 · 0.23 | 230 / 17 · 0.21 \| 225 / 20 · 0.21 |
 * | JSON, 200 KB     | 882 / 197 · 0.24 \| 347 / 136 · 0.21 | 2270 / 175 · 0.20 \| 570 / 161 · 0.23 | 6290 / 175 · 0.19 \| 3170 / 131 · 0.19 |
 * | prose, 200 KB    | 1456 / 209 · 0.37 \| 695 / 170 · 0.35 | 8631 / 226 · 0.32 \| 880 / 174 · 0.34 | 17204 / 227 · 0.32 \| 5599 / 160 · 0.32 |
 * | random, 200 KB   | 2940 \| 144                      | 3095 \| 78                        | 3257 \| 219                       |
 *
 * Each call of zstd pays some 12 µs for its context, so small payloads, which are read more often than they are written,
 * stay with DEFLATE.
 *
 * Brotli was measured too. Its quality 1 writes 2 KB in 13 instead of 17 µs and 50 KB in 137 instead of 224; it reads
 * them in 7 instead of 5.5 and in 86 instead of 54, and small ones come out 4 to 10 % larger. A cache reads more than
 * it writes.
 */
const ZSTD_FROM_BYTES = {
  [CompressionLevel.FAST]: 8192,
  [CompressionLevel.DEFAULT]: 16_384,
  [CompressionLevel.MAX]: 16_384,
} as const;

/** DEFLATE, and zstd for large payloads where this Node has it. */
export class AvailableCompressors implements CompressorSet {
  readonly #deflate = new AdaptiveCompressor();

  /** @param zstd {@link zstdCompressor}; with `undefined` this writes and reads DEFLATE alone. */
  constructor(private readonly zstd: Compressor | undefined) {}

  writer(sizeBytes: number, level: EffortLevel): Compressor {
    return this.zstd !== undefined && sizeBytes >= ZSTD_FROM_BYTES[level] ? this.zstd : this.#deflate;
  }

  reader(id: number): Compressor | undefined {
    if (id === CompressionId.RAW_DEFLATE) return this.#deflate;
    return id === CompressionId.ZSTD ? this.zstd : undefined;
  }
}
