import fc from 'fast-check';
import { growAtOnce } from '../../enlarge.js';
import { FrequencySketch, MAX_COUNT } from './frequency-sketch.js';
import { mixHash } from './mix-hash.js';

const sketchFor = (entries: number): FrequencySketch => {
  const sketch = new FrequencySketch();
  growAtOnce(sketch.grow(entries));
  sketch.paceFor(entries);
  return sketch;
};

describe('FrequencySketch', () => {
  it('never estimates less than was counted, halvings included, and mostly what was counted', () => {
    const keys = 200;
    const uses = fc.array(fc.nat(keys - 1), { minLength: 3000, maxLength: 3000, size: 'max' });
    let exact = 0;
    let asked = 0;
    fc.assert(
      fc.property(uses, (sequence) => {
        const entries = 100;
        const sketch = sketchFor(entries);
        const counts = new Array<number>(keys).fill(0);
        let additions = 0;
        for (const key of sequence) {
          if (++additions === 10 * entries) {
            additions = 0;
            for (let i = 0; i < keys; i++) counts[i] >>= 1;
          }
          counts[key] = Math.min(counts[key] + 1, MAX_COUNT);
          const estimate = sketch.add(mixHash(key), 1);
          expect(estimate).toBeGreaterThanOrEqual(counts[key]);
          asked++;
          if (estimate === counts[key]) exact++;
        }
      }),
      { seed: 3, numRuns: 10 },
    );
    expect(exact / asked).toBeGreaterThan(0.9);
  });

  it('knows nothing of a key that it never heard of, in a sketch of the size of its load', () => {
    const sketch = sketchFor(1000);
    for (let key = 0; key < 1000; key++) sketch.add(mixHash(key), 3);
    let wrong = 0;
    for (let key = 1000; key < 11_000; key++) if (sketch.estimate(mixHash(key)) > 0) wrong++;
    expect(wrong).toBeLessThan(200);
  });

  it('estimates the same after it has grown', () => {
    const sketch = sketchFor(16);
    for (let key = 0; key < 40; key++) sketch.add(mixHash(key), 1 + (key % 5));
    const before = Array.from({ length: 60 }, (_, key) => sketch.estimate(mixHash(key)));
    growAtOnce(sketch.grow(5000));
    expect(Array.from({ length: 60 }, (_, key) => sketch.estimate(mixHash(key)))).toEqual(before);
  });

  it('never estimates less than was counted while it grows, and copies little at a time', () => {
    const sketch = sketchFor(100_000);
    sketch.paceFor(1e9);
    const counts = new Map<number, number>();
    const add = (key: number): void => {
      counts.set(key, Math.min((counts.get(key) ?? 0) + 1, MAX_COUNT));
      sketch.add(mixHash(key), 1);
    };
    for (let i = 0; i < 20_000; i++) add(i % 7000);
    const growth = sketch.grow(1_000_000);
    let steps = 0;
    for (; !growth.next().done; steps++) {
      for (let i = 0; i < 50; i++) add((steps * 50 + i) % 9000);
      // Another one begins while this one is under way.
      if (steps === 20) growAtOnce(sketch.grow(400_000));
    }
    expect(steps).toBeGreaterThan(150);
    for (const [key, count] of counts) expect(sketch.estimate(mixHash(key))).toBeGreaterThanOrEqual(count);
    let exact = 0;
    for (const [key, count] of counts) if (sketch.estimate(mixHash(key)) === count) exact++;
    expect(exact / counts.size).toBeGreaterThan(0.99);
  });

  it('counts up to a bound and forgets it within a few times its pace', () => {
    const sketch = sketchFor(10);
    sketch.add(mixHash(1), 15);
    sketch.add(mixHash(1), 15);
    expect(sketch.estimate(mixHash(1))).toBe(MAX_COUNT);
    for (let key = 100; key < 100 + 5 * 100; key++) sketch.add(mixHash(key), 1);
    expect(sketch.estimate(mixHash(1))).toBeLessThanOrEqual(1);
  });
});
