import { runInNewContext } from 'node:vm';
import { CodecError } from '../errors.js';
import { errorFields, errorTypeOf, restoreError } from './error-fields.js';

describe('error fields', () => {
  it('are the standard ones and what was put on the error, not what is hidden by others', () => {
    const error = Object.assign(new Error('no', { cause: 1 }), { code: 'E' });
    Object.defineProperty(error, 'internal', { value: 1, enumerable: false });
    expect(
      errorFields(error)
        .map(({ name, enumerable }) => `${name} ${enumerable}`)
        .sort(),
    ).toEqual(['cause false', 'code true', 'message false', 'stack false']);
  });

  it('restore an error of any built-in type', () => {
    const target = new Error();
    restoreError(target, 'RangeError', [{ name: 'message', value: 'far', enumerable: false }]);
    expect(target).toBeInstanceOf(RangeError);
    expect(String(target)).toBe('RangeError: far');
    expect(Object.getOwnPropertyNames(target)).toEqual(['message']);
  });

  it('know the nearest built-in type of a subclass, in any realm', () => {
    expect(errorTypeOf(new (class NotFound extends TypeError {})())).toBe('TypeError');
    expect(errorTypeOf(runInNewContext('new SyntaxError()'))).toBe('SyntaxError');
  });

  it('refuse a type that is not one, whatever Object.prototype calls so', () => {
    for (const type of ['Nope', 'toString', '__proto__']) {
      expect(() => restoreError(new Error(), type, [])).toThrow(CodecError);
    }
  });
});
