import {
  GatewayTimeoutException,
  GoneException,
  HttpException,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { CacheBusyError, CacheTimeoutError } from '../../engine/errors.js';

/** RFC 9111 section 5.2.1.7. */
export function unsatisfiable(): GatewayTimeoutException {
  return new GatewayTimeoutException('only-if-cached: there is no stored response');
}

/** RFC 9110 sections 15.6.4 and 15.6.5: what a client is told of a source that is overrun or hangs. */
export function asHttpError(error: unknown): never {
  if (error instanceof CacheBusyError) throw new ServiceUnavailableException(error.message, { cause: error });
  if (error instanceof CacheTimeoutError) throw new GatewayTimeoutException(error.message, { cause: error });
  throw error;
}

/** The exception again, of a class of Nest's that filters look for. */
export function exceptionOf(status: number, response: string): HttpException {
  const content = JSON.parse(response) as string | object;
  if (status === 404) return new NotFoundException(content);
  if (status === 410) return new GoneException(content);
  return new HttpException(content, status);
}
