import { Readable } from 'node:stream';
import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { InvalidKeyError } from '../../src/engine/errors.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';

class Metres {
  constructor(readonly amount: number) {}
}
class Feet {
  constructor(readonly amount: number) {}
}

/** A wrapped function that says how often it was called. */
function counted() {
  const cache = new EnhancedCache({ clock: new FakeClock() });
  let calls = 0;
  const call = cache.wrap((..._args: unknown[]) => ++calls, { keyPrefix: 'counted' });
  return { call, calls: () => calls };
}

// How each kind of argument is written into a key, and that all of them are told apart, stands beside `argumentKey`;
// here is what a user of `wrap` sees of it.
describe('E. Keys and arguments', () => {
  it.each<[string, unknown[], unknown[]]>([
    ['one text and two', ['a,b'], ['a', 'b']],
    ['a number and its text', [1], ['1']],
    ['undefined and nothing', [undefined], []],
    ['undefined and null', [undefined], [null]],
    ['null and nothing', [null], []],
    ['Dates', [new Date(1)], [new Date(2)]],
    ['Maps', [new Map([['a', 1]])], [new Map([['a', 2]])]],
    ['Sets', [new Set([1])], [new Set([2])]],
    ['a BigInt and a number', [1n], [1]],
    ['Buffers', [Buffer.from('a')], [Buffer.from('b')]],
    ['instances of two classes', [new Metres(1)], [new Feet(1)]],
  ])('E3: %s never share a result', async (_what, one, other) => {
    const { call, calls } = counted();
    expect([await call(...one), await call(...other), await call(...one)]).toEqual([1, 2, 1]);
    expect(calls()).toBe(2);
  });

  it.each<[string, unknown[], unknown[]]>([
    ['objects in another order', [{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
    ['-0 and 0', [-0], [0]],
    ['NaN and NaN', [NaN], [NaN]],
    ['equal instances', [new Metres(1)], [new Metres(1)]],
  ])('E3: %s share one', async (_what, one, other) => {
    const { call, calls } = counted();
    expect([await call(...one), await call(...other), calls()]).toEqual([1, 1, 1]);
  });

  const circular: unknown[] = [];
  circular.push(circular);
  it.each<[string, unknown]>([
    ['a circle', circular],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a stream', Readable.from([])],
    ['a request', new Request('http://localhost/')],
    ['a response', new Response('body')],
  ])('E3: %s is refused by the number of the argument, never a key that others share', async (_what, argument) => {
    const { call, calls } = counted();
    await expect(call(1, argument)).rejects.toThrow(InvalidKeyError);
    await expect(call(1, argument)).rejects.toThrow(/argument 1/);
    expect(calls()).toBe(0);
  });

  it('E3: functions of different names do not share results', async () => {
    const cache = new EnhancedCache({ clock: new FakeClock() });
    const one = cache.wrap(function first(id: number) {
      return `first ${id}`;
    });
    const other = cache.wrap(function second(id: number) {
      return `second ${id}`;
    });
    expect([await one(1), await other(1)]).toEqual(['first 1', 'second 1']);
  });
});
