import {
  anyJson,
  expecting,
  integerBetween,
  integerTextBetween,
  type Judge,
  oneOf,
  optional,
  plainObject,
  text,
} from './field.js';

const fits = (judge: Judge, value: unknown) => judge(value, 'field') === undefined;

describe('judges of fields', () => {
  it('say what was expected and what was received', () => {
    expect(expecting('a colour', () => false)('blue', 'paint')).toBe('paint: expected a colour, received "blue"');
  });

  it.each<[string, Judge, unknown[], unknown[]]>([
    ['text', text, ['a', ' '], ['', 5, null, undefined, ['a']]],
    ['plainObject', plainObject, [{}, { a: 1 }], [[], null, 'a', undefined]],
    ['anyJson', anyJson, [null, 0, '', []], [undefined]],
    ['optional', optional(text), ['a', undefined], [null, '']],
    ['integerBetween', integerBetween(1, 3), [1, 3], [0, 4, 1.5, '2', NaN, null]],
    ['integerTextBetween', integerTextBetween(1, 30), ['1', '30', '007'], ['0', '31', '1.5', '1e1', '', ' 2', '-1', 2]],
    ['oneOf', oneOf('any', 'all'), ['any', 'all'], ['ANY', '', ['any'], undefined]],
  ])('%s', (_name, judge, good, bad) => {
    expect(good.filter((value) => !fits(judge, value))).toEqual([]);
    expect(bad.filter((value) => fits(judge, value))).toEqual([]);
  });
});
