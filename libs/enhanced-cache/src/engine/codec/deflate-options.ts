import type { ZlibOptions } from 'node:zlib';
import { CompressionLevel } from '../options/enums.js';
import type { EffortLevel } from './compressor.js';

/** What node:zlib is told for inputs of fewer than `belowBytes` bytes. */
interface InputClass {
  readonly belowBytes: number;
  /** zlib's level where the cache's is `DEFAULT`; the others are taken as they are. */
  readonly defaultLevel: number;
  readonly options: ZlibOptions;
}

/**
 * Inputs of up to 4 KB fit a window of 2^12: a larger one would have to be allocated and cleared for nothing. memLevel 5
 * gives room for 2048 symbols before a block ends, as many as they have; with 4 those of 3 to 4 KB take a fifth longer
 * and come out larger.
 */
const SMALL: ZlibOptions = { windowBits: 12, memLevel: 5 };

/**
 * A call of zlib costs 7 to 9 µs however small the input. Most of that is for a stream of its own with a hash table of
 * 64 KB to clear, whatever `memLevel` says, and public API cannot keep a stream for the next synchronous call. What is
 * left to choose, measured on Node 20.20 (`npm run bench:compressors`) as processor time over order lists, HTML, prose and structured copies:
 * - `chunkSize`, the memory for the result: one that Node takes from its pool saves 1 µs a call and spares the garbage
 *   collector the pressure of 16 KB outside of its heap; half of the input holds what most inputs become;
 * - `level`: below 3 KB, 4 instead of 6 gives 1 to 3 % more bytes in 10 to 20 % less time (2 KB of JSON 19.0 | 21.8 µs,
 *   of prose 31 | 39); at 4 KB it would be up to 6 % more;
 * - `strategy`, left as it is: `Z_FIXED` saves 1 µs of 22 and costs a third more bytes, the others double the size.
 */
const CLASSES: readonly InputClass[] = [
  { belowBytes: 3072, defaultLevel: 4, options: { ...SMALL, chunkSize: 1536 } },
  { belowBytes: 4096, defaultLevel: CompressionLevel.DEFAULT, options: { ...SMALL, chunkSize: 2048 } },
  { belowBytes: 8192, defaultLevel: CompressionLevel.DEFAULT, options: { chunkSize: 4080 } },
  { belowBytes: Infinity, defaultLevel: CompressionLevel.DEFAULT, options: {} },
];

/** By effort, then as {@link CLASSES}. Made once: an object made anew for each call costs 0.9 µs. */
const OPTIONS = new Map(
  [CompressionLevel.FAST, CompressionLevel.DEFAULT, CompressionLevel.MAX].map((effort) => [
    effort as number,
    CLASSES.map(({ defaultLevel, options }) =>
      Object.freeze({ ...options, level: effort === CompressionLevel.DEFAULT ? defaultLevel : effort }),
    ),
  ]),
);

/** What node:zlib is to be told to deflate `sizeBytes` bytes. */
export function deflateOptions(sizeBytes: number, effort: EffortLevel): ZlibOptions {
  const options = OPTIONS.get(effort) as readonly ZlibOptions[];
  return options[CLASSES.findIndex(({ belowBytes }) => sizeBytes < belowBytes)];
}
