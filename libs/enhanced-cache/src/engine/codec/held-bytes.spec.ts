import { measureHeap } from '../../../test/support/measure-heap.js';
import { CompressionId } from './compressor.js';
import { Encoding, FRAME_HEADER_BYTES, writeFrame } from './frame.js';
import { holdFrame, frameBytes, measureStored, STRING_FRAME_BYTES } from './held-bytes.js';
import { StoredKind } from './value-codec.js';

const LARGEST_TEXT = STRING_FRAME_BYTES - FRAME_HEADER_BYTES - 1;
const payload = (bytes: Buffer) => ({ encoding: Encoding.TEXT_LATIN1, viewType: 0, bytes });
const held = (bytes: Buffer): Buffer | string => holdFrame(payload(bytes), CompressionId.NONE, bytes);

describe('held frames', () => {
  it.each([0, 1, LARGEST_TEXT, LARGEST_TEXT + 1, 5000])('are the very frame of %d bytes', (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 31) % 256));
    const frame = writeFrame(payload(bytes), CompressionId.NONE, bytes);
    expect(Buffer.compare(frameBytes(held(bytes)) ?? Buffer.of(1), frame)).toBe(0);
  });

  it('are text where a Buffer would cost more than it holds', () => {
    expect(typeof held(Buffer.alloc(LARGEST_TEXT))).toBe('string');
    expect(Buffer.isBuffer(held(Buffer.alloc(LARGEST_TEXT + 1)))).toBe(true);
  });

  it('share no memory with one another', () => {
    const first = held(Buffer.from('first'));
    held(Buffer.from('other'));
    expect(Buffer.from(frameBytes(first) ?? []).toString('latin1')).toMatch(/first$/);
  });

  it('are told from what is none', () => {
    expect([frameBytes(undefined), frameBytes({}), frameBytes(1)]).toEqual([undefined, undefined, undefined]);
  });

  it.each([100, 1000, 3000])('of %d bytes are measured as what they take', (length) => {
    const make = (index: number) => held(Buffer.allocUnsafeSlow(length).fill(index));
    const { bytes, sample } = measureHeap(make, 10_000);
    const ratio = measureStored(StoredKind.FRAME, sample) / bytes;
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.4);
  });
});

describe('measureStored', () => {
  it('is never 0, so that no value is free', () => {
    for (const value of [null, undefined, true, 0, '', NaN]) {
      expect(measureStored(StoredKind.DIRECT, value)).toBeGreaterThanOrEqual(8);
    }
  });

  it('counts text by its characters and objects by their heap', () => {
    expect(measureStored(StoredKind.JSON, 'x'.repeat(100))).toBe(120);
    expect(measureStored(StoredKind.DIRECT, { text: 'x'.repeat(1000) })).toBeGreaterThan(1000);
  });
});
