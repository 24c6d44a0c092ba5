import fc from 'fast-check';

/** One value for each type and oddity that the contract promises to keep, by what it shows. */
export function valueSamples(): Record<string, unknown> {
  const shared = { id: 1 };
  const cycle: Record<string, unknown> = { name: 'loop', list: [] };
  cycle.self = cycle;
  (cycle.list as unknown[]).push(cycle, new Map([['again', cycle]]));
  const pooled = Buffer.from('only this part, not the pool');
  const withProto = JSON.parse('{"__proto__": {"polluted": true}, "a": 1}') as object;
  return {
    'a string': 'text',
    'an empty string': '',
    'a two-byte string': 'snowman ☃ and 😀, long enough to be shared',
    'half a surrogate pair': `broken \ud800 pair`,
    'a long string': 'abcdefgh'.repeat(1000),
    'a long two-byte string': 'größe ☃ '.repeat(1000),
    'a long ill-formed string': '\udfff'.repeat(4000),
    'an integer': 42,
    'a fraction': -0.1,
    'negative zero': -0,
    'not a number': NaN,
    'minus infinity': -Infinity,
    'a boolean': false,
    'a null': null,
    'an undefined': undefined,
    'a bigint': -(2n ** 130n),
    'a plain object': { id: 1, name: 'Ada', ok: true, price: 1.5, none: null, tags: ['a', 'b'] },
    'an empty object': {},
    'an empty array': [],
    'a large object': Array.from({ length: 200 }, (_, id) => ({ id, name: `item ${id}`, price: id * 1.1 })),
    'a large two-byte object': Array.from({ length: 200 }, (_, id) => ({ id, name: `größe ☃ ${id}` })),
    'an own __proto__ field': withProto,
    'special numbers inside': { nan: NaN, infinity: Infinity, zero: -0, list: [-0, NaN] },
    'undefined inside': { gone: undefined, list: [undefined, 1] },
    'a sparse array': Object.assign([1], { 2: 3, 10: 'far' }),
    'an array with a long tail of holes': Object.assign(new Array(5000), { 0: 'first' }),
    'a huge sparse array': Object.assign([], { 4_000_000_000: 'far' }),
    'an array with fields': Object.assign([1, 2], { index: 0, input: 'x' }),
    'a date': new Date('2026-01-01T00:00:00.123Z'),
    'an invalid date': { at: new Date(NaN) },
    'a map': new Map<unknown, unknown>([
      ['a', 1],
      [{ key: 1 }, new Set([1])],
      [NaN, undefined],
    ]),
    'a set': new Set<unknown>(['a', NaN, { deep: new Date(0) }]),
    'a regular expression': /a+b\/c/giu,
    'boxed primitives': [Object(1), Object('text'), Object(false), Object(10n)],
    'bigints inside': { small: 1n, large: 2n ** 200n, negative: -5n },
    'an error': new RangeError('out of range', { cause: new Error('why') }),
    'an error with fields': Object.assign(new TypeError('typed'), { code: 'E_TYPE', details: { at: 3 } }),
    'an aggregate error': new AggregateError([new Error('one'), 'two'], 'many'),
    'an error that contains itself': (() => {
      const error = new Error('round');
      error.cause = { error };
      return error;
    })(),
    'a buffer': pooled,
    'a large buffer': Buffer.alloc(5000, 'repeat'),
    'an empty buffer': Buffer.alloc(0),
    'an array buffer': new Uint8Array([1, 2, 3]).buffer,
    'views of all types': [
      new Uint8Array([1, 2]),
      new Uint8ClampedArray([3]),
      new Int8Array([-1]),
      new Uint16Array([65535]),
      new Int16Array([-2]),
      new Uint32Array([2 ** 32 - 1]),
      new Int32Array([-3]),
      new Float32Array([0.5, NaN]),
      new Float64Array([Math.PI]),
      new BigInt64Array([-1n]),
      new BigUint64Array([2n ** 64n - 1n]),
      new DataView(new Uint8Array([9, 8, 7]).buffer, 1),
    ],
    'a view with an offset': new Uint16Array(new ArrayBuffer(16), 4, 2).fill(7),
    'buffers inside': { bytes: pooled, part: pooled.subarray(5, 9), buffer: new ArrayBuffer(3) },
    'one view twice': [pooled, pooled],
    'shared references': { a: shared, b: [shared, shared] },
    'a cycle': cycle,
    'a map that contains itself': (() => {
      const map = new Map<unknown, unknown>();
      return map.set('self', map).set(map, 'key');
    })(),
  };
}

/** Any value of the promised types, nested and mixed, with shared references and sometimes a cycle. */
export const anyValue: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.anything({ maxDepth: 0, withBigInt: true }),
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.double(),
        fc.date({ noInvalidDate: false }),
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
        fc.float64Array({ maxLength: 5 }),
        fc.int16Array({ maxLength: 5 }),
        fc.string().map((message) => new RangeError(message)),
      ),
      node: fc.oneof(
        { maxDepth: 4 },
        tie('leaf'),
        fc.array(tie('node'), { maxLength: 5 }),
        fc.sparseArray(tie('node'), { maxLength: 8 }),
        fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('node'), { maxKeys: 5 }),
        fc.uniqueArray(fc.tuple(tie('node'), tie('node')), { maxLength: 4 }).map((entries) => new Map(entries)),
        fc.array(tie('node'), { maxLength: 4 }).map((values) => new Set(values)),
      ),
    })).node,
    fc.boolean(),
    fc.boolean(),
  )
  .map(([value, shares, loops]) => {
    if (!shares && !loops) return value;
    const holder: Record<string, unknown> = { value };
    if (shares) holder.again = value;
    if (loops) holder.self = holder;
    return holder;
  });
