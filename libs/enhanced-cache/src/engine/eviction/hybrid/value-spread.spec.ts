import { levelOf } from './level-counts.js';
import { ValueSpread } from './value-spread.js';

const spreadOf = (values: readonly number[]): ValueSpread => {
  const spread = new ValueSpread();
  for (const value of values) spread.add(levelOf(value), 0);
  return spread;
};
const repeated = (value: number, times: number): number[] => new Array<number>(times).fill(value);

describe('ValueSpread', () => {
  it('is not wide where values are alike, whatever they are', () => {
    for (const value of [1e-12, 1, 7, 1e9]) {
      const spread = spreadOf(repeated(value, 500));
      expect(spread.spread).toBeCloseTo(0, 6);
      expect(spread.isWide).toBe(false);
    }
  });

  it('takes jitter for none, and a factor of ten for a difference', () => {
    expect(spreadOf(Array.from({ length: 500 }, (_, i) => 1 + (i % 10) / 20)).isWide).toBe(false);
    expect(spreadOf(Array.from({ length: 500 }, (_, i) => 10 ** (i % 3))).isWide).toBe(true);
  });

  it('sees one precious entry among hundreds, after it has been there for long', () => {
    const spread = spreadOf([1000, ...repeated(1, 400)]);
    for (let i = 0; i < 2000; i++) {
      spread.remove(levelOf(1), 0);
      spread.add(levelOf(1), 0);
    }
    expect(spread.isWide).toBe(true);
  });

  it('sees that arrivals differ where only the valuable stay', () => {
    const spread = spreadOf(repeated(100, 300));
    for (let i = 0; i < 1000; i++) {
      const level = levelOf(i % 2 === 0 ? 1 : 100);
      spread.add(level, 0);
      spread.remove(i % 2 === 0 ? level : levelOf(100), 0);
    }
    expect(spread.isWide).toBe(true);
  });

  it('ends once the different have left and no more come', () => {
    const spread = spreadOf(Array.from({ length: 300 }, (_, i) => 10 ** (i % 3)));
    expect(spread.isWide).toBe(true);
    for (let i = 0; i < 300; i++) {
      spread.remove(levelOf(10 ** (i % 3)), 0);
      spread.add(levelOf(1), 0);
    }
    for (let i = 0; i < 1000; i++) {
      spread.remove(levelOf(1), 0);
      spread.add(levelOf(1), 0);
    }
    expect(spread.isWide).toBe(false);
  });

  it('counts any difference in priority, and each difference where entries are few', () => {
    const ranked = spreadOf(repeated(1, 500));
    for (let i = 0; i < 100; i++) ranked.add(levelOf(1), 1);
    expect(ranked.isWide).toBe(true);
    expect(spreadOf([1, 2]).isWide).toBe(true);
  });

  it('tells four levels of a doubling apart, over the whole range', () => {
    const levels = Array.from({ length: 240 }, (_, i) => levelOf((1 + (i % 4) / 4) * 2 ** (Math.floor(i / 4) - 30)));
    expect(levels).toEqual(levels.map((_, i) => levels[0] + i));
    expect(levelOf(1e-300)).toBe(0);
    expect(levelOf(1e300)).toBe(511);
  });
});
