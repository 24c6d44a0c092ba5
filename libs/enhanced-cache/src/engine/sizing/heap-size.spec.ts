import { measureHeap } from '../../../test/support/measure-heap.js';
import { frozenCopy } from '../codec/freeze.js';
import { bigintBytes } from './heap-layout.js';
import { heapSize } from './heap-size.js';

/** Text as it comes from a parser: in one piece, not a tree of the parts it was put together from. */
const flat = (text: string): string => Buffer.from(text).toString('latin1');

/** The trace is put into words when it is first read, which storing an error does. */
const withStackRead = (error: Error): Error => (error.stack === '' ? new Error() : error);

const LARGE_TEXT = 'x'.repeat(10_000);

class Point {
  constructor(
    public x: number,
    public y: number,
  ) {}
}

const SHAPES: [string, (index: number) => unknown, count?: number][] = [
  ['a small object', (i) => ({ a: i, b: 1, c: 2, d: 3, e: 4 })],
  ['an empty object', () => ({})],
  ['an object with fractions', (i) => ({ price: i + 0.5, weight: i + 0.25 })],
  ['an object with text', (i) => ({ id: i, name: `a name of some length ${i}`, at: `2026-01-01T00:00:00.${i}` })],
  ['nested objects', (i) => ({ id: i, inner: { a: i, deeper: { b: i, list: [i, i + 1] } } })],
  [
    'parsed JSON',
    (i) => JSON.parse(`{"id":${i},"items":[{"name":"item number ${i}","n":1},{"name":"item ${i} b","n":2}]}`),
  ],
  ['a class instance', (i) => new Point(i, 1), 50_000],
  ['an empty array', () => [], 50_000],
  ['an array of integers', (i) => Array.from({ length: 100 }, (_, k) => i + k), 2000],
  ['an array of fractions', (i) => Array.from({ length: 100 }, (_, k) => i + k + 0.5), 2000],
  ['an array of objects', (i) => Array.from({ length: 20 }, (_, k) => ({ k, i })), 2000],
  ['a sparse array', (i) => Object.assign([], { 5: i, 1_000_000: i, 9_000_000: i }), 2000],
  ['an empty map', () => new Map(), 50_000],
  [
    'a small map',
    (i) =>
      new Map([
        [1, i],
        [2, i],
        [3, i],
        [4, i],
        [5, i],
      ]),
  ],
  ['a map of text', (i) => new Map(Array.from({ length: 50 }, (_, k) => [flat(`key number ${i} ${k}`), { k }])), 500],
  ['a set', (i) => new Set(Array.from({ length: 30 }, (_, k) => i + k)), 2000],
  ['a date', (i) => new Date(1e12 + i), 50_000],
  ['a bigint', (i) => 2n ** 100n + BigInt(i), 50_000],
  ['boxed text', (i) => Object(flat(`boxed text ${i}, long`))],
  ['an error', (i) => withStackRead(new Error(flat(`failure number ${i}`))), 2000],
  ['a regular expression', (i) => new RegExp(`pattern${i}`), 20_000],
  ['flat text', (i) => flat(`a flat text of one byte a character ${i}`)],
  ['two-byte text', (i) => Buffer.from(`☃ a flat text ${i}`.repeat(3), 'utf16le').toString('utf16le')],
  ['a typed array', (i) => new Float64Array(100).fill(i), 2000],
  ['a buffer of its own', () => Buffer.allocUnsafeSlow(1000), 2000],
  [
    'an object with many fields',
    (i) => Object.fromEntries(Array.from({ length: 300 }, (_, k) => [`field_${i}_${k}`, k])),
    200,
  ],
  ['a frozen copy of a small object', (i) => frozenCopy({ a: i, b: 1, c: 2, d: 3, e: 4, f: 5 }, [])],
  ['a frozen copy of an array of integers', (i) => frozenCopy([i, 2, 3, 4, 5], [])],
  [
    'a frozen copy of an array of fractions',
    (i) =>
      frozenCopy(
        Array.from({ length: 100 }, (_, k) => i + k + 0.5),
        [],
      ),
    2000,
  ],
  ['a frozen copy of a date', (i) => frozenCopy(new Date(i), []), 20_000],
  ['a frozen copy of text in an object', (i) => frozenCopy({ text: `${i} ${LARGE_TEXT}`.slice(0, 100) }, [])],
];

describe('heapSize', () => {
  it.each(SHAPES)('comes close to the real growth of the heap: %s', (_, make, count = 10_000) => {
    const { bytes, sample } = measureHeap(make, count);
    const ratio = heapSize(sample) / bytes;
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
  });

  it('counts what is met twice once', () => {
    const part = { text: 'x'.repeat(1000) };
    expect(heapSize([part, part])).toBeLessThan(heapSize([part]) + 100);
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(heapSize(cycle)).toBeLessThan(100);
  });

  it('counts the whole ArrayBuffer behind a view, once for all its views', () => {
    const buffer = new ArrayBuffer(1_000_000);
    const views = [new Uint8Array(buffer, 0, 4), new Uint8Array(buffer, 4, 4)];
    expect(heapSize(views)).toBeGreaterThan(1_000_000);
    expect(heapSize(views)).toBeLessThan(1_001_000);
    expect(heapSize(Buffer.from('pooled'))).toBeGreaterThanOrEqual(Buffer.poolSize);
  });

  it('counts what an instance, a map and an error hold', () => {
    const text = 'x'.repeat(10_000);
    for (const value of [
      new Point(text as never, 1),
      new Map([[text, 1]]),
      new Set([text]),
      new Error('x', { cause: text }),
    ]) {
      expect(heapSize(value)).toBeGreaterThan(10_000);
    }
  });

  it('survives values that are 200 000 deep', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 200_000; level++) deep = [deep];
    expect(heapSize(deep)).toBeGreaterThan(200_000 * 32);
  });

  it('counts nothing for what sits in the pointer itself', () => {
    expect([1, true, null, undefined].map(heapSize)).toEqual([0, 0, 0, 0]);
    expect([heapSize(0.5), heapSize(-0), heapSize(2 ** 40)]).toEqual([16, 16, 16]);
    expect([bigintBytes(1n), bigintBytes(2n ** 64n), bigintBytes(-(2n ** 128n))]).toEqual([24, 32, 40]);
  });
});
