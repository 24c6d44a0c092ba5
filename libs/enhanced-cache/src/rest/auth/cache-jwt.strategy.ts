import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { JwtVerification } from './jwt-auth-options.js';
import { scopesOf, type TokenClaims } from './scopes.js';
import type { VerificationKey } from './verification-key.js';

/** Who asks, as `request.user` of the REST API. */
export interface CachePrincipal {
  readonly subject: string | undefined;
  readonly scopes: readonly string[];
}

/** `Authorization: Bearer` and a JWS of three parts (RFC 6750, section 2.1); whatever else is there is no token. */
const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+) *$/i;

interface TokenRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * Makes a passport strategy and registers it with passport under `name`: passport is one for the whole process, so the
 * name must be unique, or two apps would verify each other's tokens.
 */
export function registerJwtStrategy(name: string, key: VerificationKey, rules: JwtVerification): void {
  new (class CacheJwtStrategy extends PassportStrategy(Strategy, name) {
    constructor() {
      super({
        jwtFromRequest: bearerToken,
        secretOrKeyProvider: (_request, token, done) => {
          const refusal = unknownDuty(token);
          if (refusal) done(refusal);
          else done(null, key.material);
        },
        algorithms: [...key.algorithms] as never,
        issuer: rules.issuers as string[] | undefined,
        audience: rules.audiences as string[] | undefined,
        jsonWebTokenOptions: {
          clockTolerance: rules.clockToleranceSeconds,
          ...(rules.maxAgeSeconds !== undefined && { maxAge: rules.maxAgeSeconds }),
        },
      });
    }

    validate(claims: unknown): CachePrincipal | null {
      return principalOf(claims, rules.clockToleranceSeconds, Date.now() / 1000);
    }
  })();
}

/** The token of a request, or `null`. */
export function bearerToken({ headers }: TokenRequest): string | null {
  const { authorization } = headers;
  return typeof authorization === 'string' ? (BEARER.exec(authorization)?.[1] ?? null) : null;
}

/** What the verifier does not look at: that the token ends at all, and that it was not issued in the future. */
export function principalOf(claims: unknown, toleranceSeconds: number, nowSeconds: number): CachePrincipal | null {
  if (typeof claims !== 'object' || claims === null) return null;
  const { exp, iat, sub } = claims as TokenClaims;
  if (typeof exp !== 'number') return null;
  if (iat !== undefined && (typeof iat !== 'number' || iat > nowSeconds + toleranceSeconds)) return null;
  return { subject: typeof sub === 'string' ? sub : undefined, scopes: scopesOf(claims as TokenClaims) };
}

/** RFC 7515, section 4.1.11: who does not know an extension that is marked critical must refuse the token. */
function unknownDuty(token: string): Error | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0], 'base64url').toString());
    if (typeof header === 'object' && header !== null && !('crit' in header)) return undefined;
    return new Error('a critical header parameter is not known');
  } catch (error) {
    return error as Error;
  }
}
