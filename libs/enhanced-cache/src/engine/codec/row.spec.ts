import fc from 'fast-check';
import { measureHeap } from '../../../test/support/measure-heap.js';
import { textBytes } from './direct.js';
import { type Row, rowBytes, rowOf, valueOf } from './row.js';

const AMPLE = 1000;

/** The row of the third such value: the layouts of objects, inner ones last, are known by then. */
function knownRow(make: () => object): Row | undefined {
  for (let i = 0; i < 40; i++) rowOf(make(), AMPLE);
  return rowOf(make(), AMPLE)?.row;
}

const order = (i: number) => ({
  user: `Ada Lovelace the ${i}th`,
  orders: [
    { id: i, item: 'keyboard', price: i + 0.25, at: `2026-01-01T00:00:${i}.000Z`, shipped: i % 2 === 0, note: null },
  ],
});

describe('a row', () => {
  it('gives what parsing the JSON text would give, and shares nothing with the value', () => {
    const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('id', 'name', 'tags', 'ä'), tie('value'), { maxKeys: 4 }),
      ),
    }));
    let made = 0;
    fc.assert(
      fc.property(values, (generated) => {
        const text = JSON.stringify(generated);
        const value: unknown = JSON.parse(text);
        if (typeof value !== 'object' || value === null) return;
        const row = knownRow(() => JSON.parse(text) as object);
        if (row === undefined) return;
        made++;
        expect(rowOf(value, AMPLE)?.textBytes).toBe(textBytes(text));
        const found = valueOf(row);
        expect(found).toStrictEqual(value);
        expect(JSON.stringify(found)).toBe(text);
      }),
      { seed: 20261126, numRuns: 2000 },
    );
    expect(made).toBeGreaterThan(500);
  });

  it('is made of objects that are alike, once two were met', () => {
    const make = (i: number) => ({ [Symbol.for('x').description + 'fresh']: i, b: 'text' });
    expect(rowOf(make(1), AMPLE)).toBeUndefined();
    expect(rowOf(make(2), AMPLE)).toBeUndefined();
    expect(valueOf(rowOf(make(3), AMPLE)!.row)).toEqual({ xfresh: 3, b: 'text' });
  });

  it('gives a value of its own each time', () => {
    const row = knownRow(() => order(1))!;
    const first = valueOf(row) as ReturnType<typeof order>;
    first.orders[0].item = 'changed';
    first.orders.push(first.orders[0]);
    expect(valueOf(row)).toEqual(order(1));
  });

  it.each([
    ['plain', { lengthOf: 'a text', n: -1.5e-7, on: true, off: false, none: null, list: [1, 'b', []] }],
    ['accented', { lengthOf: 'é', n: 1, on: true, off: false, none: 'ÿ', list: [] }],
    ['escaped', { lengthOf: '"\\\n\u0007', n: 2 ** 53, on: true, off: false, none: null, list: ['\ud800'] }],
    ['wide', { lengthOf: 'λ', n: 0, on: true, off: false, none: null, list: ['é'] }],
  ])('says how long the JSON text of its value is: %s', (_, value) => {
    for (let i = 0; i < 3; i++) rowOf(value, AMPLE);
    const text = JSON.stringify(value);
    expect(rowOf(value, AMPLE)?.textBytes).toBe(textBytes(text));
    expect(rowOf(value, text.length)).toBeDefined();
    expect(rowOf(value, text.length - 1)).toBeUndefined();
  });

  it('holds values of other kinds than the first ones of a layout', () => {
    knownRow(() => ({ one: 1, two: 'text', three: [1] }));
    for (const value of [
      { one: 1.5, two: 7, three: 'text' },
      { one: null, two: { one: 1, two: 2, three: 3 }, three: true },
      { one: [], two: [[1, 'a'], null], three: 2 ** 40 },
    ]) {
      expect(valueOf(rowOf(value, AMPLE)!.row)).toStrictEqual(value);
    }
  });

  it.each<[string, () => object]>([
    ['NaN', () => ({ kind: Number.NaN })],
    ['an infinity', () => ({ kind: -Infinity })],
    ['-0', () => ({ kind: -0 })],
    ['undefined', () => ({ kind: undefined })],
    ['a bigint', () => ({ kind: 1n })],
    ['a function', () => ({ kind: () => 1 })],
    ['a toJSON of its own', () => ({ kind: 1, toJSON: () => 2 })],
    ['a symbol', () => ({ kind: Symbol('s') })],
    ['a field under a symbol', () => ({ kind: 1, [Symbol('s')]: 1 })],
    ['a Date', () => ({ kind: new Date(0) })],
    ['a Map', () => new Map()],
    ['an instance', () => ({ kind: new (class A {})() })],
    ['no prototype', () => Object.assign(Object.create(null) as object, { kind: 1 })],
    ['a subclass of Array', () => new (class extends Array<number> {})()],
    ['a proxy', () => new Proxy({ kind: 1 }, {})],
    ['a hole', () => [1, , 2]], // eslint-disable-line no-sparse-arrays
    ['an array with a field', () => Object.assign([1], { kind: 1 })],
    ['an array with a field and a hole', () => Object.assign([1, , 2], { kind: 1 })], // eslint-disable-line no-sparse-arrays
    ['names that begin like numbers', () => ({ 1: 'a', kind: 1 })],
    ['a field __proto__', () => JSON.parse('{"kind":1,"__proto__":{"admin":true}}') as object],
    ['an object that is met twice', () => ((shared) => ({ kind: shared, other: shared }))({ a: 1 })],
    ['an object in itself', () => ((value: { kind: unknown }) => ((value.kind = value), value))({ kind: 1 })],
    ['many objects', () => Array.from({ length: 20 }, () => ({ kind: 1 }))],
    ['many elements', () => Array<number>(65).fill(0)],
    ['long texts', () => ({ kind: 'x'.repeat(AMPLE + 1) })],
    ['many texts', () => Array.from({ length: 60 }, () => 'x'.repeat(20))],
  ])('is not made of %s', (_, make) => {
    knownRow(() => ({ kind: 1 }));
    expect(knownRow(make)).toBeUndefined();
  });

  it('is not made while every object has a field more', () => {
    knownRow(() => ({ kind: 1 }));
    Reflect.set(Object.prototype, 'polluted', 1);
    try {
      expect(rowOf({ kind: 1 }, AMPLE)).toBeUndefined();
    } finally {
      Reflect.deleteProperty(Object.prototype, 'polluted');
    }
    expect(rowOf({ kind: 1 }, AMPLE)).toBeDefined();
  });

  it('reads an accessor once, and leaves one that comes back here to another form', () => {
    let reads = 0;
    const inner: unknown[] = [];
    const make = () => ({
      get kind() {
        reads++;
        inner.push(rowOf({ kind: 1 }, AMPLE));
        return 1;
      },
    });
    knownRow(() => ({ kind: 1 }));
    expect(valueOf(rowOf(make(), AMPLE)!.row)).toEqual({ kind: 1 });
    expect(reads).toBe(1);
    expect(inner).toEqual([undefined]);
    expect(rowOf({ kind: 1 }, AMPLE)).toBeDefined();
  });

  it('is as it was after an accessor threw', () => {
    const failing = {
      get kind(): number {
        throw new Error('no');
      },
    };
    expect(() => knownRow(() => failing)).toThrow('no');
    expect(knownRow(() => ({ kind: 1 }))).toBeDefined();
  });

  it('keeps no larger text alive that a text was cut out of', () => {
    const large = 'y'.repeat(100_000);
    knownRow(() => ({ cut: 'a text of some length' }));
    const { bytes } = measureHeap((i) => {
      const whole = `${i}${large}`;
      return rowOf({ cut: whole.slice(1, 31) }, AMPLE)!.row;
    }, 50);
    expect(bytes).toBeLessThan(2000);
  });

  it('takes what it says', () => {
    knownRow(() => order(1));
    const { bytes, sample } = measureHeap((i) => rowOf(order(i), AMPLE)!.row, 5000);
    // `keyboard` is one text for all.
    const said = rowBytes(sample);
    expect(said / bytes).toBeGreaterThan(0.9);
    expect(said / bytes).toBeLessThan(1.25);
  });
});
