/** How far compressing a payload can be expected to save a tenth of it. */
export const Compressibility = {
  /** What Huffman coding alone shrinks, or what repeats itself. */
  LIKELY: 0,
  /** Spread almost evenly, such as sound, or an archive with some text in it. */
  DOUBTFUL: 1,
  /** As good as random: media, archives, ciphertext. */
  UNLIKELY: 2,
} as const;
export type Compressibility = (typeof Compressibility)[keyof typeof Compressibility];

/** Bytes are looked at in runs of so many, so that the fields of records of 8 or 16 bytes are all met. */
const RUN_BYTES = 16;
/** An eighth of a payload is looked at, but not less than 256 bytes: too few look uneven by chance. */
const SAMPLED_SHARE = 8;
const MIN_RUNS = 16;
const MAX_RUNS = 32;
/**
 * Bits of collision entropy a byte. Random bytes have 8, text has 3 to 5, base64 6, 16-bit sound 7.6. Random bytes with a
 * tenth of text among them have 7.8 and do not get a tenth smaller; with a fifth, 7.0 to 7.5, they just do.
 */
const DOUBTFUL_FROM_BITS = 7.25;
const UNLIKELY_FROM_BITS = 7.75;
const BYTE_VALUES = 256;

/** A repetition is looked for in so many bytes: twice as far as DEFLATE can refer back. */
const REPEAT_WINDOW_BYTES = 64 * 1024;
/** Places that are compared, on average. */
const ANCHORS = 256;
/** The share of places that must come again. */
const REPEATED_SHARE = 1 / 16;
const SEEN_BITS = 10;
/** Knuth's multiplier, 2^32 over the golden ratio: spreads keys over the upper bits. */
const SPREAD = 0x9e3779b1;

const counts = new Uint16Array(BYTE_VALUES);
const seen = new Uint32Array(1 << SEEN_BITS);

/**
 * What compressing `bytes` promises, from a sample of their values and from what comes again in the first 64 KB.
 *
 * What is not likely can shrink all the same where a repetition lies farther apart, which zstd would find, or only in a
 * later part; so the caller has to try now and then.
 *
 * Cost: 0.4 µs for 2 KB, 0.8 µs from 4 KB on; up to 45 µs more, at 64 KB, for what is spread evenly. To find out by
 * compressing takes 70 µs for 2 KB of random bytes, 15 ms for 1 MB.
 */
export function compressibilityOf(bytes: Uint8Array): Compressibility {
  const bits = collisionEntropy(bytes);
  if (bits < DOUBTFUL_FROM_BITS || repeatsItself(bytes)) return Compressibility.LIKELY;
  return bits < UNLIKELY_FROM_BITS ? Compressibility.DOUBTFUL : Compressibility.UNLIKELY;
}

/**
 * Bits a byte, by the share of equal pairs in a sample: one addition for each byte. Never above the entropy of Shannon,
 * so whatever one symbol at a time can shrink is not missed. 0 where there are too few bytes to say.
 */
function collisionEntropy(bytes: Uint8Array): number {
  const { byteLength } = bytes;
  if (byteLength < MIN_RUNS * RUN_BYTES) return 0;
  const runs = Math.min(Math.max(Math.floor(byteLength / (RUN_BYTES * SAMPLED_SHARE)), MIN_RUNS), MAX_RUNS);
  const stride = (byteLength - RUN_BYTES) / (runs - 1);
  let equalPairs = 0;
  for (let run = 0; run < runs; run++) {
    let at = Math.floor(run * stride);
    for (const end = at + RUN_BYTES; at < end; at++) equalPairs += counts[bytes[at]]++;
  }
  counts.fill(0);
  const sampled = runs * RUN_BYTES;
  return Math.log2((sampled * (sampled - 1)) / 2 / Math.max(equalPairs, 1));
}

/**
 * Whether sequences of four bytes come again, by those that follow on a byte of certain values. Such places are the same
 * in both copies wherever the copies begin, which places at fixed distances are not.
 */
function repeatsItself(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.byteLength, REPEAT_WINDOW_BYTES) - 4;
  // One byte value in `mask + 1` marks a place.
  const mask = Math.min(2 ** Math.max(Math.floor(Math.log2(end / ANCHORS)), 0), BYTE_VALUES) - 1;
  let places = 0;
  let repeated = 0;
  for (let at = 0; at < end; at++) {
    if ((bytes[at] & mask) !== 0) continue;
    const sequence = bytes[at + 1] | (bytes[at + 2] << 8) | (bytes[at + 3] << 16) | (bytes[at + 4] << 24);
    const slot = Math.imul(sequence, SPREAD) >>> (32 - SEEN_BITS);
    places++;
    if (seen[slot] === sequence >>> 0) repeated++;
    seen[slot] = sequence;
  }
  seen.fill(0);
  return repeated > places * REPEATED_SHARE;
}
