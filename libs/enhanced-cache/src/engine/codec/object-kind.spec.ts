import { runInNewContext } from 'node:vm';
import { classNameOf, hidesItsData, isClassInstance, kindOf } from './object-kind.js';

class Point {}
class Scores extends Map {}

describe('kindOf', () => {
  it.each([
    ['plain', '({})'],
    ['array', '[]'],
    ['map', 'new Map()'],
    ['set', 'new Set()'],
    ['date', 'new Date()'],
    ['regexp', '/x/'],
    ['error', 'new RangeError()'],
    ['boxed', 'Object(1n)'],
    ['view', 'new DataView(new ArrayBuffer(1))'],
    ['buffer', 'new ArrayBuffer(1)'],
    ['instance', 'new (class Foo {})()'],
  ])('is %s for %s, in this realm and in others', (kind, code) => {
    for (const object of [runInNewContext(code), (0, eval)(code)] as object[]) {
      expect(kindOf(object)).toBe(kind);
      expect(isClassInstance(object, kindOf(object))).toBe(kind === 'instance');
    }
  });

  it('takes subclasses of built-in types for class instances of the kind of their base', () => {
    expect(kindOf(new Scores())).toBe('map');
    expect(isClassInstance(new Scores(), 'map')).toBe(true);
    expect(isClassInstance(Buffer.from(''), 'view')).toBe(false);
  });
});

describe('class instances', () => {
  it('are named by their class', () => {
    expect([new Point(), new Scores(), new (class {})(), Object.create({})].map(classNameOf)).toEqual([
      'Point',
      'Scores',
      '(anonymous class)',
      'Object',
    ]);
  });

  it('hide their data where they show no field and carry a label', () => {
    expect([new URL('http://localhost'), new Headers(), new Intl.NumberFormat()].map(hidesItsData)).toEqual([
      true,
      true,
      true,
    ]);
    expect([new Point(), new Scores(), Object.assign(new URL('http://localhost'), { a: 1 })].map(hidesItsData)).toEqual(
      [false, false, false],
    );
  });
});
