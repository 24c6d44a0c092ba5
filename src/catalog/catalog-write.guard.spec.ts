import { generateKeyPairSync } from 'node:crypto';
import { type ExecutionContext, ForbiddenException, UnauthorizedException } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import type { AuthConfig } from '../config/auth.config.js';
import { CatalogWriteGuard } from './catalog-write.guard.js';

const SECRET = 'a secret of the catalogue, 32 bytes or more';
const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const bySecret: AuthConfig = { secret: SECRET, generated: false };
const byPublicKey: AuthConfig = { publicKey, generated: false };

function ask(auth: AuthConfig, authorization?: string): boolean {
  const request = { headers: { authorization } };
  const context = { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
  return new CatalogWriteGuard(auth).canActivate(context);
}

const signed = (claims: object, options: jwt.SignOptions = { expiresIn: '1m' }) =>
  `Bearer ${jwt.sign(claims, SECRET, options)}`;

describe('CatalogWriteGuard', () => {
  it.each([{ scope: 'cache:read cache:write' }, { scope: 'cache:admin' }, { scopes: ['cache:write'] }])(
    'opens for %j',
    (claims) => {
      expect(ask(bySecret, signed(claims))).toBe(true);
    },
  );

  it.each([{ scope: 'cache:read' }, { scope: 'cache:writer' }, { scopes: 'cache:write' }, {}])(
    'answers 403 to %j',
    (claims) => {
      expect(() => ask(bySecret, signed(claims))).toThrow(ForbiddenException);
    },
  );

  it.each([
    ['no header', undefined],
    ['another scheme', signed({ scope: 'cache:write' }).replace('Bearer', 'Basic')],
    ['garbage', 'Bearer abc.def.ghi'],
    ['a token of yesterday', signed({ scope: 'cache:write' }, { expiresIn: -1 })],
    ['a token that never expires', signed({ scope: 'cache:write' }, {})],
    ['a token for tomorrow', signed({ scope: 'cache:write' }, { expiresIn: '2d', notBefore: '1d' })],
    ['another algorithm', signed({ scope: 'cache:write' }, { expiresIn: '1m', algorithm: 'HS512' })],
    ['a token without signature', `Bearer ${jwt.sign({ scope: 'cache:write', exp: 4e9 }, '', { algorithm: 'none' })}`],
    ['another secret', `Bearer ${jwt.sign({ scope: 'cache:write' }, SECRET + '!', { expiresIn: '1m' })}`],
  ])('answers 401 to %s', (_what, authorization) => {
    expect(() => ask(bySecret, authorization)).toThrow(UnauthorizedException);
  });

  it('looks at the issuer and the audience where they were configured', () => {
    const auth: AuthConfig = { ...bySecret, issuer: 'id.example', audience: 'cache' };
    const claims = { scope: 'cache:write', iss: 'id.example', aud: 'cache' };
    expect(ask(auth, signed(claims))).toBe(true);
    for (const wrong of [{ iss: 'other' }, { aud: 'other' }]) {
      expect(() => ask(auth, signed({ ...claims, ...wrong }))).toThrow(UnauthorizedException);
    }
  });

  it('takes a token of the private key that belongs to its public key', () => {
    const token = jwt.sign({ scope: 'cache:write' }, keys.privateKey, { algorithm: 'ES256', expiresIn: '1m' });
    expect(ask(byPublicKey, `Bearer ${token}`)).toBe(true);
  });

  it('does not take its public key for a shared secret', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = jwt.sign({ scope: 'cache:write' }, Buffer.from(publicKey), { algorithm: 'HS256', expiresIn: '1m' });
    expect(forged.startsWith(part({ alg: 'HS256', typ: 'JWT' }))).toBe(true);
    expect(() => ask(byPublicKey, `Bearer ${forged}`)).toThrow(UnauthorizedException);
  });
});
