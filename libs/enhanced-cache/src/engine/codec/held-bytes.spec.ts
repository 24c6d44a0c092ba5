import { measureHeap } from '../../../test/support/measure-heap.js';
import { holdFrame, frameBytes, measureStored, STRING_FRAME_BYTES } from './held-bytes.js';
import { StoredKind } from './value-codec.js';

describe('held frames', () => {
  it.each([0, 1, STRING_FRAME_BYTES - 1, STRING_FRAME_BYTES, 5000])('give back the same %d bytes', (length) => {
    const frame = Buffer.from(Array.from({ length }, (_, index) => (index * 31) % 256));
    expect(Buffer.compare(frameBytes(holdFrame(frame)) ?? Buffer.of(1), frame)).toBe(0);
  });

  it('are text where a Buffer would cost more than it holds', () => {
    expect(typeof holdFrame(Buffer.alloc(STRING_FRAME_BYTES - 1))).toBe('string');
    expect(Buffer.isBuffer(holdFrame(Buffer.alloc(STRING_FRAME_BYTES)))).toBe(true);
  });

  it('are told from what is none', () => {
    expect([frameBytes(undefined), frameBytes({}), frameBytes(1)]).toEqual([undefined, undefined, undefined]);
  });

  it.each([100, 1000, 3000])('of %d bytes are measured as what they take', (length) => {
    const make = (index: number) => holdFrame(Buffer.allocUnsafeSlow(length).fill(index));
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
