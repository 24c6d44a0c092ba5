import fc from 'fast-check';
import { KeyIndex, SHARD_KEYS, WHOLE_KEYS } from './key-index.js';

/** Keys that differ in nothing that the hash looks at: it takes every second one of these 32 characters. */
const alike = (i: number): string => [...i.toString(36).padStart(16, '0')].map((char) => `${char}-`).join('');

const filled = (keyOf: (i: number) => string, count: number): KeyIndex => {
  const index = new KeyIndex();
  for (let i = 0; i < count; i++) index.set(keyOf(i), i);
  return index;
};
const lost = (index: KeyIndex, keyOf: (i: number) => string, count: number): number => {
  let missing = 0;
  for (let i = 0; i < count; i++) if (index.get(keyOf(i)) !== i) missing++;
  return missing;
};

describe('KeyIndex', () => {
  it('finds what was put in, and nothing else', () => {
    const index = new KeyIndex();
    index.set('a', 1);
    index.set('b', 2);
    index.set('a', 3);
    index.delete('b');
    expect([index.get('a'), index.get('b'), index.get('c')]).toEqual([3, undefined, undefined]);
  });

  it('is one Map while it may be', () => {
    const index = filled((i) => `user:${i}:profile`, WHOLE_KEYS - 1);
    expect(index.sizes).toEqual([WHOLE_KEYS - 1]);
  });

  it.each([
    ['numbers in the middle', (i: number) => `user:${i}:profile`],
    ['numbers at the end', (i: number) => `https://example.org/a/rather/long/path/to/a/product/${i}`],
    ['numbers alone', (i: number) => `${i}`],
    ['other scripts', (i: number) => `город:${i}:погода`],
  ])('keeps every Map small once it has divided: %s', (_, keyOf) => {
    const keys = WHOLE_KEYS + SHARD_KEYS;
    const index = filled(keyOf, keys);
    expect(lost(index, keyOf, keys)).toBe(0);
    const [whole, ...shards] = index.sizes;
    expect(whole).toBe(0);
    expect(Math.max(...shards)).toBeLessThanOrEqual(SHARD_KEYS);
    expect(shards.reduce((sum, size) => sum + size, 0)).toBe(keys);
  });

  it('finds keys in either place while they move, and forgets them from both', () => {
    const keyOf = (i: number): string => `k${i}`;
    const index = filled(keyOf, WHOLE_KEYS + 10);
    const [stillThere] = index.sizes;
    expect(stillThere).toBeGreaterThan(WHOLE_KEYS / 2);
    expect(lost(index, keyOf, WHOLE_KEYS + 10)).toBe(0);
    const last = keyOf(WHOLE_KEYS - 1);
    index.set(last, 7);
    expect(index.get(last)).toBe(7);
    index.delete(last);
    expect(index.get(last)).toBeUndefined();
    for (let i = 0; i < WHOLE_KEYS + 10; i++) index.delete(keyOf(i));
    expect(index.sizes.every((size) => size === 0)).toBe(true);
  });

  it('holds keys that it cannot tell apart, too', () => {
    const keys = WHOLE_KEYS + SHARD_KEYS;
    const index = filled(alike, keys);
    expect(lost(index, alike, keys)).toBe(0);
    for (let i = 0; i < keys; i += 2) index.delete(alike(i));
    expect([index.get(alike(0)), index.get(alike(1))]).toEqual([undefined, 1]);
    expect(Math.max(...index.sizes)).toBe(keys / 2);
  });

  it('answers as a Map does while it divides', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(2 * WHOLE_KEYS)), (numbers) => {
        const index = filled((i) => `k${i}`, WHOLE_KEYS - 50);
        const model = new Map(Array.from({ length: WHOLE_KEYS - 50 }, (_, i) => [`k${i}`, i]));
        for (const number of numbers.take(3000)) {
          const key = `k${number}`;
          if (number % 3 === 0) {
            index.delete(key);
            model.delete(key);
          } else {
            index.set(key, -number);
            model.set(key, -number);
          }
          expect(index.get(key)).toBe(model.get(key));
        }
        for (const [key, slot] of model) if (index.get(key) !== slot) throw new Error(`${key} is lost`);
        expect(index.sizes.reduce((sum, size) => sum + size, 0)).toBe(model.size);
      }),
      { numRuns: 3, seed: 20261126 },
    );
  });

  it.each([undefined, null, 7, {}])('finds nothing under %p, however many keys there are', (key) => {
    const index = filled((i) => `k${i}`, WHOLE_KEYS + 1);
    expect(index.get(key as never)).toBeUndefined();
  });
});
