import fc from 'fast-check';
import type { Compressor, EffortLevel } from '../../src/engine/codec/compressor.js';
import { NativeCompressor } from '../../src/engine/codec/native-compressor.js';
import { FflateCompressor } from '../../src/engine/codec/fflate-compressor.js';
import { CodecError } from '../../src/engine/errors.js';

const LEVELS: readonly EffortLevel[] = [1, 6, 9];
/** On both sides of each size at which a compressor changes its ways. */
const SIZES = [0, 1, 63, 64, 223, 224, 1000, 3071, 3072, 4095, 4096, 8191, 8192, 70_000];

/** What every compressor promises: exact bytes back, the others' output understood, and no more than was asked for. */
export function describeCompressorContract(name: string, makeCompressor: () => Compressor): void {
  describe(`${name} keeps the compressor contract`, () => {
    const compressor = makeCompressor();

    it.each(LEVELS)('brings back inputs of all sizes at level %d', (level) => {
      for (const size of SIZES) {
        const bytes = repetitive(size);
        const smaller = compressor.compress(bytes, level);
        expect(Buffer.compare(compressor.decompress(smaller, size), bytes)).toBe(0);
      }
    });

    it('brings back random bytes', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 3000 }), fc.constantFrom(...LEVELS), (bytes, level) => {
          expect(Buffer.compare(compressor.decompress(compressor.compress(bytes, level), bytes.length), bytes)).toBe(0);
        }),
        { seed: 20260102, numRuns: 100 },
      );
    });

    for (const other of [new NativeCompressor(), new FflateCompressor()].filter(({ id }) => id === compressor.id)) {
      it(`reads and is read by ${other.constructor.name}`, () => {
        for (const level of LEVELS) {
          for (const size of SIZES) {
            const bytes = repetitive(size);
            expect(Buffer.compare(other.decompress(compressor.compress(bytes, level), size), bytes)).toBe(0);
            expect(Buffer.compare(compressor.decompress(other.compress(bytes, level), size), bytes)).toBe(0);
          }
        }
      });
    }

    it('makes repetitive input smaller', () => {
      expect(compressor.compress(repetitive(4000), 6).byteLength).toBeLessThan(1000);
    });

    it.each([
      ['one byte less', -1],
      ['one byte more', 1],
      ['a tenth', -1800],
    ])('refuses a stream that does not give the recorded length: %s', (_, off) => {
      const stream = compressor.compress(repetitive(2000), 6);
      expect(() => compressor.decompress(stream, 2000 + off)).toThrow(CodecError);
      expect(() => compressor.decompress(compressor.compress(repetitive(100), 6), Math.max(100 + off, 0))).toThrow(
        CodecError,
      );
    });

    it('refuses a bomb without unpacking it', () => {
      const bomb = compressor.compress(new Uint8Array(20_000_000), 9);
      expect(() => compressor.decompress(bomb, 1000)).toThrow(CodecError);
      expect(() => compressor.decompress(bomb, 100)).toThrow(CodecError);
    });

    it('refuses a stream that was cut short', () => {
      const stream = compressor.compress(repetitive(20_000), 6);
      for (const length of [stream.byteLength - 1, stream.byteLength >> 1, 1]) {
        expect(() => compressor.decompress(stream.subarray(0, length), 20_000)).toThrow(CodecError);
      }
    });

    it('does not change its input', () => {
      const bytes = Buffer.from(repetitive(5000));
      const before = Buffer.from(bytes);
      const stream = Buffer.from(compressor.compress(bytes, 6));
      const streamBefore = Buffer.from(stream);
      compressor.decompress(stream, 5000);
      expect([Buffer.compare(bytes, before), Buffer.compare(stream, streamBefore)]).toEqual([0, 0]);
    });

    const { offLoop } = compressor;
    if (offLoop !== undefined) {
      it.each(LEVELS)('compresses on another thread what it reads on this one, at level %d', async (level) => {
        for (const size of [0, 1000, offLoop.fromBytes, 700_000]) {
          const bytes = repetitive(size);
          const smaller = await offLoop.compress(bytes, level, new AbortController().signal);
          expect(Buffer.compare(compressor.decompress(smaller, size), bytes)).toBe(0);
        }
      });

      it('stops on another thread when it is told to', async () => {
        const bytes = repetitive(3_000_000);
        const controller = new AbortController();
        const stopped = offLoop.compress(bytes, 6, controller.signal);
        controller.abort();
        await expect(stopped).rejects.toThrow(/abort/i);
        await expect(offLoop.compress(bytes, 6, controller.signal)).rejects.toThrow(/abort/i);
      });
    }

    it('refuses what is no stream at all', () => {
      expect(() => compressor.decompress(new Uint8Array([0xff, 0xff, 0xff, 0xff]), 10)).toThrow(CodecError);
      expect(() => compressor.decompress(new Uint8Array(0), 1000)).toThrow(CodecError);
    });
  });
}

function repetitive(size: number): Uint8Array {
  return Buffer.from(Array.from({ length: Math.ceil(size / 10) }, (_, id) => `{"id":${id % 97}}, `).join('')).subarray(
    0,
    size,
  );
}
