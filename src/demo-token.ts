import jwt from 'jsonwebtoken';

const LIFETIME = '12h';

/** A token for every route, signed with a secret that was made at this start: it dies with the process at the latest. */
export function makeDemoToken(secret: string): string {
  const claims = { sub: 'demo', scope: 'cache:read cache:write cache:admin' };
  return jwt.sign(claims, secret, { algorithm: 'HS256', expiresIn: LIFETIME });
}
