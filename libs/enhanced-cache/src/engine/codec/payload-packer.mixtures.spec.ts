import fc from 'fast-check';
import { payloadKinds } from '../../../test/support/payload-kinds.js';
import { AdaptiveCompressor } from './adaptive-compressor.js';
import type { Compressor, CompressorSet } from './compressor.js';
import { Encoding, FRAME_HEADER_BYTES } from './frame.js';
import { PayloadPacker } from './payload-packer.js';

/** Counts the bytes that are given to be compressed. */
class CountingCompressors extends AdaptiveCompressor implements CompressorSet {
  triedBytes = 0;
  override compress(bytes: Uint8Array, level: 1 | 6 | 9): Uint8Array {
    this.triedBytes += bytes.byteLength;
    return super.compress(bytes, level);
  }
  writer(): Compressor {
    return this;
  }
  reader(): Compressor {
    return this;
  }
}

const SIZES = [1024, 1500, 3000, 8192, 40_000];
const names = Object.keys(payloadKinds);
/** Made once: a mixture draws from these. */
const samples = new Map(
  names.flatMap((name) =>
    SIZES.flatMap((size) =>
      Array.from({ length: 5 }, (_, seed) => [`${name} ${size} ${seed}`, payloadKinds[name](size, seed)] as const),
    ),
  ),
);
const bestOf = new Map(
  [...samples].map(([name, bytes]) => {
    const compressed = new AdaptiveCompressor().compress(bytes, 6).byteLength + FRAME_HEADER_BYTES;
    return [name, compressed <= bytes.byteLength * 0.9 ? compressed : bytes.byteLength];
  }),
);

describe('PayloadPacker among mixtures', () => {
  it('stores at most a tenth more than by trying each payload', () => {
    const mixture = fc
      .subarray([...samples.keys()], { minLength: 1, maxLength: 12 })
      .chain((among) => fc.array(fc.constantFrom(...among), { minLength: 1, maxLength: 150 }));
    fc.assert(
      fc.property(mixture, fc.constantFrom(Encoding.BYTES, Encoding.STRUCTURED), (payloads, encoding) => {
        const packer = new PayloadPacker(new CountingCompressors(), 6, 512);
        let stored = 0;
        let best = 0;
        for (const name of payloads) {
          const bytes = samples.get(name) as Buffer;
          stored += packer.framed({ encoding, viewType: encoding === Encoding.BYTES ? 2 : 0, bytes }).storedBytes;
          best += bestOf.get(name) as number;
        }
        expect(stored).toBeLessThanOrEqual(best * 1.1);
      }),
      { seed: 20260102, numRuns: 300 },
    );
  });

  it('stops trying what does not shrink, also where other payloads of its size do', () => {
    const compressors = new CountingCompressors();
    const packer = new PayloadPacker(compressors, 6, 512);
    const payloads = Array.from({ length: 400 }, (_, i) => payloadKinds[i % 4 === 0 ? 'json' : 'noise'](8192, i));
    for (const bytes of payloads) packer.framed({ encoding: Encoding.STRUCTURED, viewType: 0, bytes });
    const json = payloads.filter((_, i) => i % 4 === 0).reduce((sum, { byteLength }) => sum + byteLength, 0);
    // The 300 payloads of noise: 2, then one after 8, 16, 32, 64 and 128 that were left out.
    expect(compressors.triedBytes - json).toBe(7 * 8192);
  });
});
