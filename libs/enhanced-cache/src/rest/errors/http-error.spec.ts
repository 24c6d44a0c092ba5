import { HttpException } from '@nestjs/common';
import {
  CacheBusyError,
  CacheClosedError,
  CacheTimeoutError,
  CapacityError,
  CodecError,
  ImportError,
  InvalidKeyError,
  InvalidOptionsError,
  InvalidValueError,
  TierError,
} from '../../engine/errors.js';
import { toHttpError } from './http-error.js';

describe('toHttpError', () => {
  it.each<[number, Error]>([
    [400, new InvalidOptionsError('ttl', 'seconds', -1)],
    [400, new InvalidKeyError('', 'expected a non-empty string')],
    [400, new InvalidValueError('value.a', 'is a function')],
    [400, new ImportError('version: expected 1, received 2')],
    [413, new CapacityError('a', 10, 5)],
    [409, new CacheBusyError('a benchmark is running')],
    [503, new CacheClosedError()],
    [503, new CacheTimeoutError('late')],
    [503, new TierError('away')],
  ])('answers %i to %s', (status, error) => {
    const http = toHttpError(error) as HttpException;
    expect(http.getStatus()).toBe(status);
    expect(http.getResponse()).toEqual({ statusCode: status, message: error.message, error: expect.any(String) });
    expect(http.cause).toBe(error);
  });

  it('names fields as the wire spells them', () => {
    const error = new InvalidOptionsError('maxValueMb', 'at most maxMemoryMb (5)', 'maxSize');
    expect((toHttpError(error) as HttpException).message).toBe(
      'max_value_mb: expected at most max_memory_mb (5), received "maxSize"',
    );
  });

  it.each([new CodecError('broken'), new Error('other'), new HttpException('teapot', 418), 'text'])(
    'leaves what is no fault of the caller as it is (case %#)',
    (error) => {
      expect(toHttpError(error)).toBe(error);
    },
  );
});
