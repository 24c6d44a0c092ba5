import type { ExecutionContext } from '@nestjs/common';
import { lastValueFrom, type Observable, of, throwError } from 'rxjs';
import { CacheBusyError } from '../../engine/errors.js';
import { CacheErrorsInterceptor } from './cache-errors.interceptor.js';

describe('CacheErrorsInterceptor', () => {
  const run = (result: Observable<unknown>) =>
    lastValueFrom(new CacheErrorsInterceptor().intercept({} as ExecutionContext, { handle: () => result }));

  it('passes answers on', async () => {
    await expect(run(of(5))).resolves.toBe(5);
  });

  it(`turns errors of the cache into Nest's`, async () => {
    await expect(run(throwError(() => new CacheBusyError('busy')))).rejects.toMatchObject({ status: 409 });
  });
});
