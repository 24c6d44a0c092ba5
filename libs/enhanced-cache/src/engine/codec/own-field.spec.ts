import { extendWithHoles, setOwnField } from './own-field.js';

describe('setOwnField', () => {
  it('makes __proto__ a field like any other', () => {
    const target: Record<string, unknown> = {};
    setOwnField(target, '__proto__', { polluted: true });
    setOwnField(target, 'plain', 1);
    setOwnField(target, 'hidden', 2, false);
    expect(Object.keys(target)).toEqual(['__proto__', 'plain']);
    expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
    expect(target.hidden).toBe(2);
  });
});

describe('extendWithHoles', () => {
  it('lengthens an array without elements, never shortens it', () => {
    const array: unknown[] = [1];
    extendWithHoles(array, 20_000_000);
    expect([array.length, Object.keys(array)]).toEqual([20_000_000, ['0']]);
    extendWithHoles(array, 5);
    expect(array.length).toBe(20_000_000);
  });
});
