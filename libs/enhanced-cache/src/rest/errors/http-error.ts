import {
  BadRequestException,
  ConflictException,
  type HttpException,
  PayloadTooLargeException,
  ServiceUnavailableException,
} from '@nestjs/common';
import { CacheError, type CacheErrorCode, describe, InvalidOptionsError } from '../../engine/errors.js';
import { wireSentence } from '../wire.js';

type HttpErrorClass = new (message: string, options: { cause: unknown }) => HttpException;

/** Which HTTP error says the same. A code that is not in here is a fault of ours and stays a 500. */
const HTTP_ERRORS: Partial<Record<CacheErrorCode, HttpErrorClass>> = {
  CACHE_INVALID_OPTIONS: BadRequestException,
  CACHE_INVALID_KEY: BadRequestException,
  CACHE_INVALID_VALUE: BadRequestException,
  CACHE_IMPORT: BadRequestException,
  CACHE_CAPACITY: PayloadTooLargeException,
  CACHE_BUSY: ConflictException,
  CACHE_CLOSED: ServiceUnavailableException,
  CACHE_TIMEOUT: ServiceUnavailableException,
  CACHE_TIER: ServiceUnavailableException,
};

/** An error of the engine as Nest's error for HTTP, its fields spelt as on the wire; any other error as it is. */
export function toHttpError(error: unknown): unknown {
  if (!(error instanceof CacheError)) return error;
  const HttpError = HTTP_ERRORS[error.code];
  return HttpError ? new HttpError(wireMessage(error), { cause: error }) : error;
}

function wireMessage(error: CacheError): string {
  if (!(error instanceof InvalidOptionsError)) return error.message;
  const { option, expected, received } = error;
  return `${wireSentence(option)}: expected ${wireSentence(expected)}, received ${describe(received)}`;
}
