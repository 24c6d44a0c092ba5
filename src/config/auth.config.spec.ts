import { generateKeyPairSync } from 'node:crypto';
import { type AuthConfig, readAuthConfig } from './auth.config.js';
import { ConfigurationError, EnvReader, type Environment } from './env-reader.js';

const SECRET = 's'.repeat(32);

function read(environment: Environment, production = false): AuthConfig {
  return readAuthConfig(new EnvReader(environment), production);
}

function refusal(environment: Environment, production = false): string {
  try {
    read(environment, production);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('the environment was accepted');
}

describe('readAuthConfig', () => {
  it('makes another secret at each start where none is given', () => {
    const secrets = [read({}), read({})].map((auth) => ('secret' in auth ? auth.secret : ''));
    expect(new Set(secrets).size).toBe(2);
    expect(secrets.every((secret) => Buffer.from(secret, 'base64url').length >= 32)).toBe(true);
    expect(read({}).generated).toBe(true);
  });

  it('refuses to start in production without a key', () => {
    expect(refusal({}, true)).toMatch(/JWT_SECRET .*JWT_PUBLIC_KEY/);
  });

  it('starts in production with a secret', () => {
    expect(read({ JWT_SECRET: SECRET }, true)).toEqual({ secret: SECRET, generated: false });
  });

  it('refuses a short secret without repeating it, and counts bytes, not characters', () => {
    const message = refusal({ JWT_SECRET: 'hunter2-hunter2' });
    expect(message).toBe('JWT_SECRET: expected 32 bytes or more, received 15');
    expect(read({ JWT_SECRET: 'é'.repeat(16) }).generated).toBe(false);
  });

  it('takes a public key whose line breaks were escaped', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(read({ JWT_PUBLIC_KEY: pem.replaceAll('\n', '\\n') })).toEqual({
      publicKey: pem.trim() + '\n',
      generated: false,
    });
  });

  it('refuses a text that is no public key, a private key, and two keys at once', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(refusal({ JWT_PUBLIC_KEY: 'abc' })).toContain('expected a public key in PEM');
    expect(refusal({ JWT_PUBLIC_KEY: privatePem })).toContain('received a private key');
    expect(refusal({ JWT_SECRET: SECRET, JWT_PUBLIC_KEY: 'abc' })).toContain('not both');
  });

  it('takes the issuer and the audience that tokens must name', () => {
    expect(read({ JWT_SECRET: SECRET, JWT_ISSUER: 'https://id.example', JWT_AUDIENCE: 'cache' })).toEqual({
      secret: SECRET,
      generated: false,
      issuer: 'https://id.example',
      audience: 'cache',
    });
  });
});
