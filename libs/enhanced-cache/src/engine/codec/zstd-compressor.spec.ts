import { describeCompressorContract } from '../../../test/contracts/compressor.contract.js';
import { CodecError } from '../errors.js';
import { zstdCompressor } from './zstd-compressor.js';

const zstd = zstdCompressor();

describe('zstdCompressor', () => {
  it('is there where Node has zstd: from 22.15 and 23.8 on', () => {
    const [major, minor] = process.versions.node.split('.').map(Number);
    const hasZstd = major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15);
    expect(zstd !== undefined).toBe(hasZstd);
  });
});

if (zstd !== undefined) {
  describeCompressorContract('ZstdCompressor', () => zstd);

  describe('ZstdCompressor', () => {
    it('refuses a frame that asks for a window larger than its payload', () => {
      // Magic number, no size recorded, window of 2^27 bytes, one last raw block of one byte.
      const greedy = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 17 << 3, 0x09, 0x00, 0x00, 0x61]);
      expect(() => zstd.decompress(greedy, 1)).toThrow(CodecError);
      const modest = Buffer.from(greedy);
      modest[5] = 0;
      expect(Buffer.from(zstd.decompress(modest, 1)).toString()).toBe('a');
    });

    it('reads what it wrote of payloads larger than the windows of its levels', () => {
      const bytes = Buffer.alloc(9_000_000, 'a line of text that comes again; ');
      for (const level of [1, 6, 9] as const) {
        expect(Buffer.compare(zstd.decompress(zstd.compress(bytes, level), bytes.length), bytes)).toBe(0);
      }
    });
  });
}
