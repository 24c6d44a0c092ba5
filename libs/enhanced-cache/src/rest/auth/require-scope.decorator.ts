import { SetMetadata } from '@nestjs/common';
import type { CacheScope } from './scopes.js';

/** What the guard sees of a request, on Express and Fastify. */
export interface ScopedRequest {
  readonly query?: Readonly<Record<string, unknown>>;
}

/** One scope, or the scope that a request with these parameters needs. */
export type ScopeRule = CacheScope | ((request: ScopedRequest) => CacheScope);

export const REQUIRED_SCOPE = Symbol.for('nestjs-enhanced-cache:required-scope');

/** The scope that a route asks of a token. A route without one is closed to everybody. */
export const RequireScope = (rule: ScopeRule): MethodDecorator => SetMetadata(REQUIRED_SCOPE, rule);
