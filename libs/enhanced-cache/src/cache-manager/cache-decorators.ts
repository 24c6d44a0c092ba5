import { type ExecutionContext, SetMetadata } from '@nestjs/common';
import { NestMetadata } from '../nest/nest-metadata.js';

/** The token of `@Inject(CACHE_MANAGER)`, that of @nestjs/cache-manager. */
export const CACHE_MANAGER = 'CACHE_MANAGER';
export const CACHE_KEY_METADATA = NestMetadata.CACHE_KEY;
export const CACHE_TTL_METADATA = NestMetadata.CACHE_TTL;

/** The key of a handler's response; callers with credentials have entries of their own under it. */
export const CacheKey = (key: string | ((context: ExecutionContext) => string)): MethodDecorator & ClassDecorator =>
  SetMetadata(CACHE_KEY_METADATA, key);

/** The lifetime of a handler's response, or of those of all handlers of a class, in **milliseconds**; 0 is for ever. */
export const CacheTTL = (
  ttl: number | ((context: ExecutionContext) => number | Promise<number>),
): MethodDecorator & ClassDecorator => SetMetadata(CACHE_TTL_METADATA, ttl);
