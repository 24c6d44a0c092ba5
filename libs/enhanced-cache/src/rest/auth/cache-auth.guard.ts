import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { HttpAdapterHost, Reflector } from '@nestjs/core';
import { CACHE_AUTHENTICATOR } from '../tokens.js';
import type { JwtAuthenticator } from './jwt-authenticator.js';
import { REQUIRED_SCOPE, type ScopedRequest, type ScopeRule } from './require-scope.decorator.js';
import { grants } from './scopes.js';

/**
 * Who may use a route of the REST API: 401 without a valid token, 403 where its scopes do not reach as far as the route
 * asks, and where the route does not say what it asks.
 *
 * Routes of an app can use it too, with the tokens of the cache's API: `@UseGuards(CacheAuthGuard)` and
 * `@RequireScope('cache:write')`.
 *
 * It runs before everything else of a route, so it also is where every answer, a refusal too, gets its `no-store`.
 */
@Injectable()
export class CacheAuthGuard implements CanActivate {
  constructor(
    /** `null`: the API is open. */
    @Inject(CACHE_AUTHENTICATOR) private readonly authenticator: JwtAuthenticator | null,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    this.#setHeader(context, 'Cache-Control', 'no-store');
    if (!this.authenticator) return true;
    const scopes = await this.#scopesOf(context, this.authenticator);
    const rule = this.reflector.get<ScopeRule | undefined>(REQUIRED_SCOPE, context.getHandler());
    if (rule === undefined) throw new ForbiddenException('this route names no scope');
    const required = typeof rule === 'function' ? rule(context.switchToHttp().getRequest<ScopedRequest>()) : rule;
    if (grants(scopes, required)) return true;
    this.#challenge(context, `Bearer error="insufficient_scope", scope="${required}"`);
    throw new ForbiddenException(`the token does not have the scope ${required}`);
  }

  async #scopesOf(context: ExecutionContext, authenticator: JwtAuthenticator): Promise<readonly string[]> {
    try {
      return (await authenticator.authenticate(context)).scopes;
    } catch (error) {
      if (error instanceof UnauthorizedException) this.#challenge(context, 'Bearer');
      throw error;
    }
  }

  /** RFC 6750, section 3. */
  #challenge(context: ExecutionContext, challenge: string): void {
    this.#setHeader(context, 'WWW-Authenticate', challenge);
  }

  #setHeader(context: ExecutionContext, name: string, value: string): void {
    this.adapterHost.httpAdapter.setHeader(context.switchToHttp().getResponse(), name, value);
  }
}
