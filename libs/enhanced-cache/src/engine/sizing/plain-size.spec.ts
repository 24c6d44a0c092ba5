import fc from 'fast-check';
import { inspect } from '../codec/inspect.js';
import { heapSize } from './heap-size.js';
import { plainSize } from './plain-size.js';

const text = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'grapheme', maxLength: 30 }));
const { plain } = fc.letrec<{ plain: unknown }>((tie) => ({
  plain: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.double(), { maxLength: 5 }),
    fc.array(tie('plain'), { maxLength: 5 }),
    fc.dictionary(text, tie('plain'), { maxKeys: 6 }),
  ),
}));

describe('plainSize', () => {
  it('is what the long way says, wherever it says anything', () => {
    let said = 0;
    fc.assert(
      fc.property(plain, (value) => {
        if (typeof value !== 'object' || value === null) return;
        const size = plainSize(value);
        if (size === -1) return;
        said++;
        expect(size).toBe(heapSize(value));
        expect(() => inspect(value)).not.toThrow();
      }),
      { seed: 20261126, numRuns: 3000 },
    );
    expect(said).toBeGreaterThan(500);
  });

  it('counts an object and a short text once, however often they are met', () => {
    const shared = { name: 'short' };
    const value: Record<string, unknown> = { a: shared, b: shared, c: 'short', d: ['short', 'other'] };
    value.self = value;
    expect(plainSize(value)).toBe(heapSize(value));
  });

  it.each([
    ['an order', { user: 'Ada Lovelace', orders: [{ id: 1, price: 1.5, at: '2026-01-01T00:00:00.000Z' }] }],
    ['nothing', {}],
    ['an empty array', []],
    ['numbers', [1, 2.5, NaN]],
    ['numbers and a text', [1, 2.5, 'x']],
  ])('knows %s', (_, value) => {
    expect(plainSize(value)).toBe(heapSize(value));
  });

  it.each([
    ['a function', { f: () => 1 }],
    ['a symbol', [Symbol('s')]],
    ['undefined', { u: undefined }],
    ['a hole', [1, , 2]], // eslint-disable-line no-sparse-arrays
    ['a bigint', { n: 1n }],
    ['a Date', { at: new Date() }],
    ['a Map', new Map()],
    ['an instance', new (class A {})()],
    ['a null prototype', Object.create(null)],
    ['a subclass of Array', new (class extends Array {})()],
    ['a proxy', new Proxy({}, {})],
    ['what holds a proxy', [new Proxy({}, {})]],
    ['a promise', { p: Promise.resolve() }],
    ['what is frozen', Object.freeze({ a: 1 })],
    ['many objects', Array.from({ length: 20 }, () => ({}))],
    ['many elements', Array(100).fill(0)],
    ['many fields', Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`field${i}`, 0]))],
    ['many short texts', Array.from({ length: 20 }, (_, i) => `t${i}`)],
  ])('leaves %s to the long way', (_, value) => {
    expect(plainSize(value as object)).toBe(-1);
  });

  it('takes a frozen part for what it looks like', () => {
    expect(plainSize({ a: Object.freeze({ b: 1 }) })).toBe(plainSize({ a: { b: 1 } }));
  });

  it('is not confused by an accessor that has something else measured', () => {
    const within: number[] = [];
    const value = {
      get nosy() {
        within.push(plainSize({ a: { b: 1 } }));
        return 'seen';
      },
      other: {},
    };
    expect(plainSize(value)).toBe(heapSize(value));
    expect(within[0]).toBe(-1);
    expect(plainSize({ a: 1 })).toBe(heapSize({ a: 1 }));
  });

  it('leaves everything to it while Object.prototype has a field that everything inherits', () => {
    Object.defineProperty(Object.prototype, 'everywhere', { value: () => 1, enumerable: true, configurable: true });
    try {
      expect(plainSize({ a: 1 })).toBe(-1);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'everywhere');
    }
  });
});
