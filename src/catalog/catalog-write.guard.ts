import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Inject,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import jwt from 'jsonwebtoken';
import type { AuthConfig } from '../config/auth.config.js';

/** Injection token of the {@link AuthConfig} that the server was started with. */
export const CATALOG_AUTH = Symbol('CATALOG_AUTH');

/** Each list holds algorithms of one kind of key, so that a public key can never be taken for a shared secret. */
const SECRET_ALGORITHMS: jwt.Algorithm[] = ['HS256'];
const PUBLIC_KEY_ALGORITHMS: jwt.Algorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'ES512'];
/** The wider scope includes the narrower one, as on the cache's own routes. */
const WRITE_SCOPES: readonly unknown[] = ['cache:write', 'cache:admin'];
const BEARER = /^Bearer +(\S+)$/i;

/** Lets those change the catalogue who may write to the cache: one token opens both. */
@Injectable()
export class CatalogWriteGuard implements CanActivate {
  constructor(@Inject(CATALOG_AUTH) private readonly auth: AuthConfig) {}

  /** @throws {UnauthorizedException} without a valid token. @throws {ForbiddenException} where its scope is too narrow. */
  canActivate(context: ExecutionContext): boolean {
    const { authorization = '' } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>().headers;
    const claims = this.verify(BEARER.exec(authorization)?.[1]);
    if (!claims) throw new UnauthorizedException();
    if (!scopesOf(claims).some((scope) => WRITE_SCOPES.includes(scope))) throw new ForbiddenException();
    return true;
  }

  private verify(token: string | undefined): jwt.JwtPayload | undefined {
    if (token === undefined) return undefined;
    const [key, algorithms] =
      'secret' in this.auth
        ? ([this.auth.secret, SECRET_ALGORITHMS] as const)
        : ([this.auth.publicKey, PUBLIC_KEY_ALGORITHMS] as const);
    const { issuer, audience } = this.auth;
    try {
      const claims = jwt.verify(token, key, { algorithms, issuer, audience });
      // A token that never expires could not be taken back.
      return typeof claims === 'object' && claims.exp !== undefined ? claims : undefined;
    } catch (error) {
      if (error instanceof jwt.JsonWebTokenError) return undefined;
      throw error;
    }
  }
}

function scopesOf({ scope, scopes }: jwt.JwtPayload): unknown[] {
  return [
    ...(typeof scope === 'string' ? scope.split(' ') : []),
    ...(Array.isArray(scopes) ? (scopes as unknown[]) : []),
  ];
}
