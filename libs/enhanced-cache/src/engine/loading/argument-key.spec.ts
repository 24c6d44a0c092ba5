import { isDeepStrictEqual } from 'node:util';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { InvalidKeyError } from '../errors.js';
import { argumentKey } from './argument-key.js';

class Money {
  constructor(readonly amount: number) {}
}
class Price {
  constructor(readonly amount: number) {}
}
class Hidden {
  #amount: number;
  constructor(amount: number) {
    this.#amount = amount;
  }
  get amount(): number {
    return this.#amount;
  }
}

describe('argumentKey', () => {
  // Frozen: keys outlive a process in exports and second tiers. A change here is a new major version.
  it.each<[unknown[], string]>([
    [[], ''],
    [['a'], 's1:a'],
    [[1, '1', true, false, null, undefined], 'n1,s1:1,t,f,z,u'],
    [[10n, NaN, -0, 1e21, -Infinity], 'i10,nNaN,n0,n1e+21,n-Infinity'],
    [[{ b: 1, a: [2, 'x'] }], 'O2(1:a=A2(n2,s1:x),1:b=n1)'],
    [[new Date(0), /a/g, new Date(NaN)], 'd0,r4:/a/g,dNaN'],
    [[new Map([['k', 1]]), new Set([2, 1])], 'M1(s1:k=n1),S2(n1,n2)'],
    [[Buffer.from('hi'), new Uint8Array([1])], 'Bs6:Buffers3:aGk,Bs10:Uint8Arrays2:AQ'],
    [[new Money(5)], 'Cs5:MoneyO1(6:amount=n5)'],
    [[new URL('http://a.de/')], 'Cs3:URLs12:http://a.de/'],
    [['\n'], 'sj4:"\\n"'],
    [[{ [Symbol.for('gt')]: 5 }], 'O1(y2:gt=n5)'],
    [['x'.repeat(300)], `s300:${'x'.repeat(59)}~4bbxEOr3LtloMOLyXcZZCWSYaynCg6DEEheheYL4DdI`],
  ])('encodes %j as written down', (args, key) => {
    expect(argumentKey(args)).toBe(key);
  });

  it.each<[string, unknown[], unknown[]]>([
    ['a number and its text', [1], ['1']],
    ['undefined and null', [undefined], [null]],
    ['undefined and a missing argument', [undefined], []],
    ['one text and two', ['a,b'], ['a', 'b']],
    ['a hole and undefined', [new Array(1)], [[undefined]]],
    ['an absent and an undefined field', [{}], [{ a: undefined }]],
    ['classes of different names', [new Money(5)], [new Price(5)]],
    ['an instance and its data', [new Money(5)], [{ amount: 5 }]],
    ['a bigint and a number', [1n], [1]],
    ['NaN and null', [NaN], [null]],
    ['a Buffer and its bytes', [Buffer.from([1])], [new Uint8Array([1])]],
    ['an array and a Set', [[1]], [new Set([1])]],
    ['a date and its text', [new Date(0)], [new Date(0).toJSON()]],
    ['errors of different messages', [new Error('a')], [new Error('b')]],
    ['fields whose texts run together', [{ a: 'b,1:c=s1:d' }], [{ a: 'b', c: 'd' }]],
    ['nesting', [[1], 2], [[1, 2]]],
    ['boxed and plain', [Object(1)], [1]],
  ])('tells %s apart', (_what, one, other) => {
    expect(argumentKey(one)).not.toBe(argumentKey(other));
  });

  it.each<[string, unknown, unknown]>([
    ['objects in other field order', { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    ['Maps in other order', new Map([['a', 1], ['b', 2]]), new Map([['b', 2], ['a', 1]])], // prettier-ignore
    ['-0 and 0', -0, 0],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ])('does not tell %s apart', (_what, one, other) => {
    expect(argumentKey([one])).toBe(argumentKey([other]));
  });

  const circular: Record<string, unknown> = {};
  circular.self = circular;
  let deep: unknown = 1;
  for (let i = 0; i < 5000; i++) deep = [deep];
  it.each<[string, unknown[], string]>([
    ['functions', [1, { filter: { onClick: () => 1 } }], 'argument 1.filter.onClick is a function'],
    ['symbols', [Symbol('s')], 'argument 0 is a symbol'],
    ['fields named by a symbol', [{ [Symbol('s')]: 1 }], 'argument 0[Symbol(s)] is a symbol'],
    ['cycles', [circular], 'argument 0.self is circular'],
    ['streams', [Readable.from([])], 'argument 0 is a stream'],
    ['promises', [Promise.resolve(1)], 'argument 0 is a promise'],
    ['instances that hide their state', [new Hidden(1)], 'argument 0 is a Hidden without visible fields'],
    ['what has no state to see', [[new WeakMap()]], 'argument 0[0] is a WeakMap without visible fields'],
    ['bottomless nesting', [deep], 'is nested deeper than 200'],
  ])('refuses %s and names the argument', (_what, args, message) => {
    expect(() => argumentKey(args)).toThrow(InvalidKeyError);
    expect(() => argumentKey(args)).toThrow(message);
  });

  it('takes the same object twice, which is no cycle', () => {
    const shared = { a: 1 };
    expect(argumentKey([shared, [shared]])).toBe(argumentKey([{ a: 1 }, [{ a: 1 }]]));
  });

  it('is equal for a copy, and differs where structure differs', () => {
    const value = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
      withNullPrototype: false,
      key: fc.constantFrom('a', 'b', ''),
      values: [fc.integer(), fc.string(), fc.boolean(), fc.constantFrom(null, undefined, NaN, '1', 1)],
      maxDepth: 3,
    });
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(argumentKey([structuredClone(one)])).toBe(argumentKey([one]));
        if (isDeepStrictEqual(one, other)) expect(argumentKey([one])).toBe(argumentKey([other]));
        else if (!hasNegativeZero(one) && !hasNegativeZero(other))
          expect(argumentKey([one])).not.toBe(argumentKey([other]));
      }),
      { seed: 20260101, numRuns: 2000 },
    );
  });

  it('is a well-formed text without control characters for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const key = argumentKey([text, '\ud800']);
        // eslint-disable-next-line no-control-regex
        return key.isWellFormed() && !/[\u0000-\u001f]/.test(key);
      }),
      { seed: 3 },
    );
  });
});

function hasNegativeZero(value: unknown): boolean {
  if (Object.is(value, -0)) return true;
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Map) return [...value].flat().some(hasNegativeZero);
  if (value instanceof Set || ArrayBuffer.isView(value)) return [...(value as Set<unknown>)].some(hasNegativeZero);
  return Object.values(value).some(hasNegativeZero);
}
