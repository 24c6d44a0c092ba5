import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { deflateOptions } from './deflate-options.js';

describe('deflateOptions', () => {
  const input = (sizeBytes: number): Buffer =>
    Buffer.from(Array.from({ length: sizeBytes }, (_, index) => 97 + ((index * index) % 26)));

  it.each([1, 6, 9] as const)('suit inputs of every size at effort %d', (effort) => {
    for (const sizeBytes of [0, 1, 3071, 3072, 4095, 4096, 8191, 8192, 100_000]) {
      const bytes = input(sizeBytes);
      const deflated = deflateRawSync(bytes, deflateOptions(sizeBytes, effort));
      expect(Buffer.compare(inflateRawSync(deflated), bytes)).toBe(0);
    }
  });

  it('take the effort for the level of zlib, but for a small input at the default effort', () => {
    const levels = (effort: 1 | 6 | 9) => [1000, 3072, 10_000].map((size) => deflateOptions(size, effort).level);
    expect(levels(1)).toEqual([1, 1, 1]);
    expect(levels(6)).toEqual([4, 6, 6]);
    expect(levels(9)).toEqual([9, 9, 9]);
  });

  it('keep small results in memory of the pool', () => {
    for (const sizeBytes of [1024, 3500, 8000]) {
      expect(deflateOptions(sizeBytes, 6).chunkSize).toBeLessThan(Buffer.poolSize / 2);
      expect(deflateOptions(sizeBytes, 6).chunkSize).toBeGreaterThanOrEqual(sizeBytes / 2);
    }
  });
});
