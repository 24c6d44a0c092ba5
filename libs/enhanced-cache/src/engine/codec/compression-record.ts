import { Compressibility, compressibilityOf } from './compressibility.js';

/** Failures in a row before a family is left alone. */
const TRUSTED_FAILURES = 2;
const FIRST_REST = 8;
/**
 * The longest rests, in payloads. Where tries take 15 ms each, for 1 MB of random bytes, they cost 15 µs a payload then;
 * what is only doubtful is asked more often.
 */
const MAX_UNLIKELY_REST = 1024;
const MAX_DOUBTFUL_REST = 64;

/** {@link Encoding} has numbers below 16, and no payload has 2^32 bytes. */
const ENCODINGS = 16;
const SIZES = 32;
const PROSPECTS = 3;

/**
 * Remembers which families of payloads did not shrink, so that compressing them is not tried each time.
 *
 * A family is an encoding, a size to a power of two, and how unlikely its payloads look to shrink. What looks likely
 * belongs to none and is always tried, so text does not lose its compression for sharing its size with images. Once two
 * payloads of a family have failed in a row, it rests for 8 payloads, after the next failure for 16, and so on up to
 * 1024, or 64 for the doubtful. One that shrinks ends this.
 *
 * Bounded: 1536 families, 3 bytes each. Cost: that of {@link compressibilityOf}.
 */
export class CompressionRecord {
  readonly #failures = new Uint8Array(ENCODINGS * SIZES * PROSPECTS);
  /** Payloads for which the family rests yet. */
  readonly #rest = new Uint16Array(ENCODINGS * SIZES * PROSPECTS);

  /** The family of the payload `bytes` of `encoding`; `undefined` where it is to be tried whatever others did. */
  familyOf(encoding: number, bytes: Uint8Array): number | undefined {
    const prospect = compressibilityOf(bytes);
    if (prospect === Compressibility.LIKELY) return undefined;
    return (prospect * ENCODINGS + encoding) * SIZES + (31 - Math.clz32(bytes.byteLength | 1));
  }

  /** Whether the next payload of `family` is left as it is. */
  rests(family: number): boolean {
    if (this.#rest[family] === 0) return false;
    this.#rest[family]--;
    return true;
  }

  /** A payload of `family` was tried and did or did not shrink. */
  learn(family: number, shrank: boolean): void {
    if (shrank) {
      this.#failures[family] = 0;
      this.#rest[family] = 0;
      return;
    }
    const doublings = ++this.#failures[family] - TRUSTED_FAILURES;
    if (doublings < 0) return;
    const maxRest = family < Compressibility.UNLIKELY * ENCODINGS * SIZES ? MAX_DOUBTFUL_REST : MAX_UNLIKELY_REST;
    this.#rest[family] = Math.min(FIRST_REST * 2 ** doublings, maxRest);
    // At the longest rest there is nothing more to count, and the count must not run over.
    if (this.#rest[family] === maxRest) this.#failures[family]--;
  }
}
