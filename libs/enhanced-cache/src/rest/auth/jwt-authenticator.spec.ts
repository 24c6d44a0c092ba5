import { type ExecutionContext, UnauthorizedException } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import passport from 'passport';
import { judgeAuth, type JwtAuthOptions, type JwtVerification } from './jwt-auth-options.js';
import { JwtAuthenticator } from './jwt-authenticator.js';

const SECRETS = ['a first secret of at least 32 bytes', 'another secret of at least 32 bytes'];
const context = (request: object) =>
  ({ switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({}) }) }) as unknown as ExecutionContext;
const make = (auth: JwtAuthOptions) => new JwtAuthenticator(judgeAuth(auth) as JwtVerification);
const authenticate = (authenticator: JwtAuthenticator, secret: string) => {
  const token = jwt.sign({ sub: 'ops', scope: 'cache:read' }, secret, { expiresIn: '1m' });
  return authenticator.authenticate(context({ headers: { authorization: `Bearer ${token}` } }));
};
const strategies = () => Object.keys((passport as unknown as { _strategies: object })._strategies);

describe('JwtAuthenticator', () => {
  it('says who asks', async () => {
    await expect(authenticate(make({ secret: SECRETS[0] }), SECRETS[0])).resolves.toEqual({
      subject: 'ops',
      scopes: ['cache:read'],
    });
  });

  it('tries its keys one after the other', async () => {
    const authenticator = make({ secret: SECRETS });
    for (const secret of SECRETS)
      await expect(authenticate(authenticator, secret)).resolves.toMatchObject({ subject: 'ops' });
  });

  it('gives no reason', async () => {
    const authenticator = make({ secret: SECRETS[0] });
    const refused = new UnauthorizedException('a valid bearer token is required');
    await expect(authenticate(authenticator, SECRETS[1])).rejects.toEqual(refused);
    await expect(authenticator.authenticate(context({ headers: {} }))).rejects.toEqual(refused);
    for (const token of ['e30.e30.e30', '!.e30.x', 'bnVsbA.e30.x', 'eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiYSJdfQ.e30.x']) {
      const request = { headers: { authorization: `Bearer ${token}` } };
      await expect(authenticator.authenticate(context(request))).rejects.toEqual(refused);
    }
  });

  it('leaves nothing with passport when its module goes', () => {
    const before = strategies();
    const authenticator = make({ secret: SECRETS });
    expect(strategies()).toHaveLength(before.length + 2);
    authenticator.onModuleDestroy();
    expect(strategies()).toEqual(before);
  });
});
