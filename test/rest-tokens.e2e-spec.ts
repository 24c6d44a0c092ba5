import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { EnhancedCacheModule } from 'nestjs-enhanced-cache';
import { base64, hmac, now, unsigned, withHeader } from './support/forged-tokens.js';
import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, SECRET, startRestApp, startRestModule, token } from './support/rest-api.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: typeof rsa.publicKey) => key.export({ type: 'spki', format: 'pem' }) as string;

describe.each(PLATFORMS)('tokens of the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  afterAll(() => rest.close());

  it.each([
    ['a list of scopes', { scopes: ['openid', 'cache:read'] }, 200],
    ['scopes as a text', { scopes: 'cache:read' }, 403],
    ['scope as a list', { scope: ['cache:read'] }, 403],
    ['several words', { scope: 'openid cache:read' }, 200],
    ['a longer word', { scope: 'cache:reader' }, 403],
    ['another case', { scope: 'CACHE:READ' }, 403],
  ])('reads %s', async (_name, claims, expected) => {
    const bearer = jwt.sign(claims, SECRET, { expiresIn: '1m' });
    expect((await rest.call('GET', `${API}/stats`, { token: bearer })).status).toBe(expected);
  });

  it.each([
    ['has no end', jwt.sign({ scope: 'cache:admin' }, SECRET)],
    ['has an end that is a text', withHeader({}, { exp: 'tomorrow' })],
    ['is not valid yet', token('cache:admin', { nbf: now() + 60 })],
    ['was issued in the future', token('cache:admin', { iat: now() + 60 })],
    ['names a critical extension', withHeader({ crit: ['b64'], b64: true })],
    ['has claims that are no object', jwt.sign('text', SECRET)],
    ['has five parts', `${token('cache:admin')}.e30.e30`],
    ['has no signature', token('cache:admin').replace(/[^.]+$/, '')],
    [
      'has another payload than was signed',
      token('cache:read').replace(/\.[^.]+\./, `.${base64({ scope: 'cache:admin', exp: now() + 60 })}.`),
    ],
  ])('refuses a token that %s', async (_name, bearer) => {
    expect((await rest.call('GET', `${API}/stats`, { token: bearer })).status).toBe(401);
  });

  it('takes the token from the Authorization header alone', async () => {
    const bearer = token('cache:admin');
    const call = (path: string, headers: Record<string, string> = {}) =>
      rest.call('GET', path, { token: null, headers });
    expect((await call(`${API}/stats?access_token=${bearer}`)).status).not.toBe(200);
    expect((await call(`${API}/stats`, { cookie: `access_token=${bearer}` })).status).toBe(401);
    expect((await call(`${API}/stats`, { authorization: bearer })).status).toBe(401);
    expect((await call(`${API}/stats`, { authorization: `Basic ${bearer}` })).status).toBe(401);
    expect((await call(`${API}/stats`, { authorization: `Bearer ${bearer} more` })).status).toBe(401);
    expect((await call(`${API}/stats`, { authorization: `bearer ${bearer}` })).status).toBe(200);
  });
});

describe.each(PLATFORMS)('keys of tokens on %s', (platform) => {
  const start = (auth: object) => startRestApp(platform, { controller: { auth } });
  const statusOf = async (rest: RestApp, bearer: string) =>
    (await rest.call('GET', `${API}/stats`, { token: bearer })).status;

  it('keeps two apps in one process apart', async () => {
    const [secretA, secretB] = ['the secret of app A, 32 bytes or more', 'the secret of app B, 32 bytes or more'];
    const [a, b] = [await start({ secret: secretA }), await start({ secret: secretB })];
    const [ofA, ofB] = [secretA, secretB].map((secret) => token('cache:read', {}, {}, secret));
    expect([await statusOf(a, ofA), await statusOf(a, ofB), await statusOf(b, ofA), await statusOf(b, ofB)]).toEqual([
      200, 401, 401, 200,
    ]);
    await a.close();
    expect(await statusOf(b, ofB)).toBe(200);
    await b.close();
  });

  it('accepts each of several secrets while one replaces the other', async () => {
    const next = 'the secret that comes next, 32 bytes +';
    const rest = await start({ secret: [SECRET, Buffer.from(next)] });
    expect(await statusOf(rest, token('cache:read'))).toBe(200);
    expect(await statusOf(rest, token('cache:read', {}, {}, next))).toBe(200);
    expect(await statusOf(rest, token('cache:read', {}, {}, 'a third secret that nobody knows, 32'))).toBe(401);
    await rest.close();
  });

  it('verifies with a public key, and takes it for no secret', async () => {
    const rest = await start({ publicKey: pem(rsa.publicKey) });
    const claims = { scope: 'cache:read', exp: now() + 60 };
    const sign = (algorithm: jwt.Algorithm) => jwt.sign(claims, rsa.privateKey, { algorithm });
    expect(await statusOf(rest, sign('RS256'))).toBe(200);
    expect(await statusOf(rest, sign('RS512'))).toBe(401);
    const forged = `${base64({ alg: 'HS256' })}.${base64(claims)}`;
    expect(await statusOf(rest, `${forged}.${hmac(forged, pem(rsa.publicKey))}`)).toBe(401);
    expect(await statusOf(rest, unsigned('none'))).toBe(401);
    await rest.close();
  });

  it('takes the algorithm of an EC key from its curve', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
    const rest = await start({ publicKey: ec.publicKey });
    expect(
      await statusOf(rest, jwt.sign({ scope: 'cache:read', exp: now() + 60 }, ec.privateKey, { algorithm: 'ES384' })),
    ).toBe(200);
    await rest.close();
  });

  it('asks for issuer and audience where they are named', async () => {
    const rest = await start({ secret: SECRET, issuer: 'https://id.example', audience: ['cache', 'ops'] });
    const signed = (claims: object) => token('cache:read', claims);
    expect(await statusOf(rest, signed({ iss: 'https://id.example', aud: 'ops' }))).toBe(200);
    expect(await statusOf(rest, signed({ iss: 'https://id.example', aud: 'shop' }))).toBe(401);
    expect(await statusOf(rest, signed({ iss: 'https://else.example', aud: 'ops' }))).toBe(401);
    expect(await statusOf(rest, signed({}))).toBe(401);
    await rest.close();
  });

  it('allows clocks to differ by as much as it was told, and tokens to be as old', async () => {
    const rest = await start({ secret: SECRET, clockToleranceSeconds: 5, maxAgeSeconds: 600 });
    const signed = (claims: object) => token('cache:read', claims);
    expect(await statusOf(rest, signed({ exp: now() - 2 }))).toBe(200);
    expect(await statusOf(rest, signed({ exp: now() - 30 }))).toBe(401);
    expect(await statusOf(rest, signed({ iat: now() + 3 }))).toBe(200);
    expect(await statusOf(rest, signed({ iat: now() - 700, exp: now() + 60 }))).toBe(401);
    await rest.close();
  });

  it('is open where auth is switched off, and only then', async () => {
    const rest = await startRestModule(platform, {
      imports: [EnhancedCacheModule.forRoot({ controller: { auth: false } })],
    });
    expect((await rest.call('POST', `${API}/clear`, { token: null })).status).toBe(200);
    expect((await rest.call('GET', `${API}/stats`, { token: 'garbage' })).status).toBe(200);
    await rest.close();
  });
});
