import { deflateRawSync } from 'node:zlib';
import { payloadKinds } from '../../../test/support/payload-kinds.js';
import { Compressibility, compressibilityOf } from './compressibility.js';

const SIZES = [1024, 2048, 5000, 16_384, 70_000, 150_000];

const { LIKELY, UNLIKELY } = Compressibility;
const { noise, archive } = payloadKinds;

describe('compressibilityOf', () => {
  it.each(SIZES)('does not find it likely for random and for compressed bytes, and unlikely for most: %d', (size) => {
    for (const make of [noise, archive]) {
      const found = Array.from({ length: 20 }, (_, seed) => compressibilityOf(make(size, seed)));
      expect(found).not.toContain(LIKELY);
      // A sample of few bytes may fall out uneven by chance.
      if (size >= 4096) expect(found.filter((prospect) => prospect === UNLIKELY).length).toBeGreaterThanOrEqual(19);
    }
  });

  it.each(Object.entries(payloadKinds))('never finds it unlikely where DEFLATE saves a tenth: %s', (_, make) => {
    for (const size of SIZES) {
      for (let seed = 1; seed <= 3; seed++) {
        const bytes = make(size, seed);
        const ratio = deflateRawSync(bytes).byteLength / bytes.byteLength;
        if (ratio < 0.9) expect(compressibilityOf(bytes)).not.toBe(UNLIKELY);
        if (ratio < 0.8) expect(compressibilityOf(bytes)).toBe(LIKELY);
      }
    }
  });

  it.each([600, 4000, 30_000])('finds it likely for random bytes that come again after %d bytes', (period) => {
    expect(compressibilityOf(Buffer.alloc(period * 2.5, noise(period, 1)))).toBe(LIKELY);
  });

  it('finds it likely for few bytes: nothing can be said of them', () => {
    for (const size of [0, 1, 100, 255]) expect(compressibilityOf(noise(size, 1))).toBe(LIKELY);
  });

  it('does not remember what it saw before', () => {
    const bytes = noise(65_536, 1);
    expect([1, 2, 3].map(() => compressibilityOf(bytes))).toEqual([UNLIKELY, UNLIKELY, UNLIKELY]);
  });
});
