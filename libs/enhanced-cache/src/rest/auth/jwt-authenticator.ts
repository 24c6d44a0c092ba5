import { randomUUID } from 'node:crypto';
import { type CanActivate, type ExecutionContext, type OnModuleDestroy, UnauthorizedException } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import passport from 'passport';
import { type CachePrincipal, registerJwtStrategy } from './cache-jwt.strategy.js';
import type { JwtVerification } from './jwt-auth-options.js';

/** The same for every reason: whoever tries tokens learns nothing from the answer. */
const REFUSAL = 'a valid bearer token is required';

/** Verifies the bearer token of a request with passport: one strategy a key, tried in their order. */
export class JwtAuthenticator implements OnModuleDestroy {
  readonly #strategies: readonly string[];
  readonly #guard: CanActivate;

  constructor(verification: JwtVerification) {
    this.#strategies = verification.keys.map((key) => {
      const name = `enhanced-cache-jwt:${randomUUID()}`;
      registerJwtStrategy(name, key, verification);
      return name;
    });
    this.#guard = new (class extends AuthGuard([...this.#strategies]) {
      override handleRequest<T>(error: unknown, principal: T | false): T {
        if (error || !principal) throw new UnauthorizedException(REFUSAL);
        return principal;
      }
    })();
  }

  /** @throws {UnauthorizedException} where the request carries no token or not a valid one. */
  async authenticate(context: ExecutionContext): Promise<CachePrincipal> {
    await this.#guard.canActivate(context);
    return context.switchToHttp().getRequest<{ user: CachePrincipal }>().user;
  }

  onModuleDestroy(): void {
    for (const name of this.#strategies) passport.unuse(name);
  }
}
