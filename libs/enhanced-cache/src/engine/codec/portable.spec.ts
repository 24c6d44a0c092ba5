import fc from 'fast-check';
import { difference } from '../../../test/support/same-value.js';
import { anyValue, valueSamples } from '../../../test/support/value-samples.js';
import { CodecError, InvalidValueError } from '../errors.js';
import { resolveOptions } from '../options/resolve-options.js';
import type { RevivableClass } from '../options/options.js';
import { ClassPolicy } from './class-policy.js';
import { fromPortable, toPortable } from './portable.js';

const policy = (...types: RevivableClass[]) => new ClassPolicy(resolveOptions({ types, classInstances: 'allow' }));
const throughJson = (value: unknown, classes = policy()): unknown =>
  fromPortable(JSON.parse(JSON.stringify(toPortable(value, classes))), classes);
const tree = (root: unknown, nodes: unknown[] = [], classes: unknown[] = []): unknown => ({
  type: 'typed',
  value: { root, nodes, classes },
});

describe('portable values', () => {
  it.each(Object.keys(valueSamples()))('carry %s through JSON', (sample) => {
    const value = valueSamples()[sample];
    expect(difference(value, throughJson(value))).toBeUndefined();
  });

  it('carry any value through JSON', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(difference(value, throughJson(value))).toBeUndefined();
      }),
      { seed: 20260104, numRuns: 500 },
    );
  });

  it('are readable where JSON suffices', () => {
    const value = { name: 'Ada', tags: ['a'] };
    expect(toPortable(value, policy())).toEqual({ type: 'json', value });
  });

  it('carry instances of registered classes by name, even of two classes of one name', () => {
    class User {
      self?: User;
      constructor(public name: string) {}
    }
    const Other = {
      User: class User extends Map<string, number> {
        unit = 'ms';
      },
    }.User;
    const user = new User('Ada');
    user.self = user;
    const back = throughJson({ user, other: new Other([['a', 1]]) }, policy(User, Other)) as {
      user: User;
      other: InstanceType<typeof Other>;
    };
    expect(back.user).toBeInstanceOf(User);
    expect(back.user.self).toBe(back.user);
    expect(back.other).toBeInstanceOf(Other);
    expect([back.other.get('a'), back.other.unit]).toEqual([1, 'ms']);
  });

  it('carry values of any depth', () => {
    let deep: unknown = new Date(5);
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(difference(deep, throughJson(deep))).toBeUndefined();
  });

  it('never touch Object.prototype', () => {
    throughJson(JSON.parse('{"__proto__":{"polluted":1},"at":{"constructor":{"prototype":{"polluted":1}}}}'));
    fromPortable(
      tree(
        [0],
        [
          ['object', ['__proto__'], [[1]]],
          ['object', ['polluted'], [1]],
        ],
      ),
      policy(),
    );
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    expect((fromPortable(tree([0], [['object', ['__proto__'], [[0]]]]), policy()) as object) instanceof Object).toBe(
      true,
    );
  });

  it('refuse a bigint that could not be read back', () => {
    expect(() => toPortable(1n << 2_000_000n, policy())).toThrow(InvalidValueError);
  });

  it.each([
    ['nothing', undefined],
    ['another type', { type: 'v8', value: '' }],
    ['no tree', { type: 'typed', value: 5 }],
    ['no nodes', { type: 'typed', value: { root: 1, nodes: {}, classes: [] } }],
    ['a place that does not exist', tree([7])],
    ['a negative place', tree([-1])],
    ['a fractional place', tree([0.5], [['object', [], []]])],
    ['a place by name', tree(['length'], [['object', [], []]])],
    ['an unknown node', tree([0], [['function', 'x']])],
    ['a node that is no list', tree([0], [{ type: 'map' }])],
    ['an unknown slot', tree(['eval', '1'])],
    ['a slot that is an object', tree({})],
    ['an unknown number', tree(['number', '5'])],
    ['a bigint of other signs', tree(['bigint', '0x1'])],
    ['a bigint that is too long', tree(['bigint', 'f'.repeat(300_000)])],
    ['fewer values than names', tree([0], [['object', ['a', 'b'], [1]]])],
    ['names that are no strings', tree([0], [['object', [1], [1]]])],
    ['fewer keys than values', tree([0], [['map', [], [1]]])],
    ['a broken expression', tree([0], [['regexp', '(', '']])],
    ['a date that is a text', tree([0], [['date', '2026']])],
    ['an error of an unknown type', tree([0], [['error', 'constructor', [], [], []]])],
    ['bytes of an unknown type', tree([0], [['bytes', 'SharedArrayBuffer', '']])],
    ['bytes that are not base64', tree([0], [['bytes', 'Buffer', '<>']])],
    ['bytes that do not fill elements', tree([0], [['bytes', 'Float64Array', 'AAAA']])],
    ['a boxed null', tree([0], [['boxed', null]])],
    ['an array length out of range', tree([0], [['sparse', 2 ** 32, [], []]])],
    ['elements beyond the length', tree([0], [['sparse', 1, ['5'], [1]]])],
    ['a length field', tree([0], [['sparse', 1, ['length'], [9]]])],
    [
      'far more holes than text',
      tree(
        1,
        Array.from({ length: 2000 }, () => ['sparse', 2000, [], []]),
      ),
    ],
    ['a class that is not registered', tree([0], [['object', [], []]], [[0, 'Process', [], []]])],
    ['a class of nothing', tree(1, [], [[0, 'User', [], []]])],
  ])('refuse %s', (_, portable) => {
    expect(() => fromPortable(portable, policy())).toThrow(CodecError);
  });

  it('give CodecError or a value for any mutation of a tree, nothing else', () => {
    const text = JSON.stringify(toPortable(valueSamples()['a cycle'], policy()));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', '9', '[', ']', 'a', '"', 'null', '-'), (at, patch) => {
        const mutated = parsed(text.slice(0, at) + patch + text.slice(at + 1));
        try {
          fromPortable(mutated, policy());
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
      { seed: 20260105, numRuns: 2000 },
    );
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
