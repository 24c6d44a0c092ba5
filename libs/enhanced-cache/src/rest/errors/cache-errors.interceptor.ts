import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { catchError, type Observable, throwError } from 'rxjs';
import { toHttpError } from './http-error.js';

/**
 * Turns errors of the engine into Nest's, for the exception filters of the app to answer: an interceptor, because a
 * filter of ours would stand in for those.
 */
@Injectable()
export class CacheErrorsInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => toHttpError(error))));
  }
}
