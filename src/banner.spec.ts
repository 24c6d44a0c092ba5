import { generateKeyPairSync } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { loadConfig } from './app.config.js';
import { startBanner } from './banner.js';

const URL = 'http://localhost:8000';
const TOKEN = /Bearer (\S+)'/;

describe('startBanner', () => {
  it('says where the API, the documents, the probe and the demo are', () => {
    const banner = startBanner(loadConfig({}), URL);
    for (const path of ['/api/v1/enhanced-cache', '/docs', '/docs-json', '/health', '/cities/2761369/nearby']) {
      expect(banner).toContain(URL + path);
    }
  });

  it('has a ready token with all scopes that expires, where the secret was made at this start', () => {
    const config = loadConfig({});
    const secret = 'secret' in config.auth ? config.auth.secret : '';
    const [, token] = TOKEN.exec(startBanner(config, URL)) ?? [];
    const claims = jwt.verify(token, secret, { algorithms: ['HS256'], maxAge: '12h' });
    expect(claims).toMatchObject({ scope: 'cache:read cache:write cache:admin' });
    expect(claims).toHaveProperty('exp');
  });

  it('prints neither a token nor the secret where the secret was given', () => {
    const secret = 'a-secret-that-belongs-to-somebody-else';
    const banner = startBanner(loadConfig({ JWT_SECRET: secret }), URL);
    expect(banner).not.toMatch(TOKEN);
    expect(banner).not.toContain(secret);
    expect(banner).toContain('npm run token');
  });

  it('leaves tokens to the owner of the private key, where a public key was given', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const banner = startBanner(loadConfig({ JWT_PUBLIC_KEY: pem }), URL);
    expect(banner).not.toMatch(TOKEN);
    expect(banner).toContain('JWT_PUBLIC_KEY');
  });
});
