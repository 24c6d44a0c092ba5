import { AvailableCompressors } from './available-compressors.js';
import { CompressionId, type Compressor } from './compressor.js';

const LEVELS = [1, 6, 9] as const;
/** Stands for zstd where this Node has none. */
const zstd: Compressor = { id: CompressionId.ZSTD, compress: (bytes) => bytes, decompress: (bytes) => bytes };

describe('AvailableCompressors', () => {
  it('write zstd only where the payload is large enough to pay for its context', () => {
    const compressors = new AvailableCompressors(zstd);
    for (const level of LEVELS) {
      expect(compressors.writer(2048, level).id).toBe(CompressionId.RAW_DEFLATE);
      expect(compressors.writer(16_384, level)).toBe(zstd);
    }
  });

  it('neither write nor read zstd where there is none', () => {
    const compressors = new AvailableCompressors(undefined);
    expect(compressors.reader(CompressionId.ZSTD)).toBeUndefined();
    for (const level of LEVELS) expect(compressors.writer(1e6, level).id).toBe(CompressionId.RAW_DEFLATE);
  });

  it('read every format that they write, and no other', () => {
    const compressors = new AvailableCompressors(zstd);
    expect(compressors.reader(CompressionId.RAW_DEFLATE)?.id).toBe(CompressionId.RAW_DEFLATE);
    expect(compressors.reader(CompressionId.ZSTD)).toBe(zstd);
    for (const id of [CompressionId.NONE, 3, 255]) expect(compressors.reader(id)).toBeUndefined();
  });
});
