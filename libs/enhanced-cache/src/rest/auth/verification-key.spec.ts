import { generateKeyPairSync } from 'node:crypto';
import { publicVerificationKey, secretVerificationKey } from './verification-key.js';

const SECRET = 'x'.repeat(32);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weakRsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });

describe('secretVerificationKey', () => {
  it('pins HS256 unless another HMAC is chosen', () => {
    expect(secretVerificationKey(SECRET, undefined, 'secret')).toEqual({
      material: Buffer.from(SECRET),
      algorithms: ['HS256'],
    });
    expect(secretVerificationKey(Buffer.from(SECRET), ['HS512'], 'secret').algorithms).toEqual(['HS512']);
  });

  it('counts bytes, not characters', () => {
    expect(() => secretVerificationKey('é'.repeat(16), undefined, 'secret')).not.toThrow();
  });

  it.each<[string, unknown, string[] | undefined, RegExp]>([
    ['a short secret', 'x'.repeat(31), undefined, /^secret: expected at least 32 bytes, received "31 bytes"$/],
    ['an empty secret', '', undefined, /received "0 bytes"$/],
    ['no secret', 5, undefined, /^secret: expected a string or a Buffer, received "number"$/],
    [
      'a key in PEM',
      rsa.publicKey.export({ type: 'spki', format: 'pem' }),
      undefined,
      /give a key in PEM as publicKey/,
    ],
    [
      'an algorithm of another family',
      SECRET,
      ['HS256', 'RS256'],
      /^controller\.auth\.algorithms: expected for a secret: HS256/,
    ],
    ['no signature at all', SECRET, ['none'], /received "none"$/],
  ])('refuses %s', (_name, secret, algorithms, sentence) => {
    expect(() => secretVerificationKey(secret, algorithms, 'secret')).toThrow(sentence);
  });

  it('never shows the secret', () => {
    try {
      secretVerificationKey('hunter2', undefined, 'secret');
    } catch (error) {
      expect(String(error) + JSON.stringify(error)).not.toContain('hunter2');
    }
    expect.assertions(1);
  });
});

describe('publicVerificationKey', () => {
  it.each([
    ['RSA', rsa, ['RS256']],
    ['RSA-PSS', pss, ['PS256']],
    ['P-256', ec('prime256v1'), ['ES256']],
    ['P-384', ec('secp384r1'), ['ES384']],
    ['P-521', ec('secp521r1'), ['ES512']],
  ])('takes the algorithm of %s from the key', (_name, { publicKey }, algorithms) => {
    const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
    expect(publicVerificationKey(publicKey, undefined, 'publicKey')).toEqual({ material: pem, algorithms });
    expect(publicVerificationKey(Buffer.from(pem), undefined, 'publicKey').algorithms).toEqual(algorithms);
  });

  it('lets one family be chosen for RSA', () => {
    expect(publicVerificationKey(rsa.publicKey, ['PS256', 'PS512'], 'publicKey').algorithms).toEqual([
      'PS256',
      'PS512',
    ]);
    expect(() => publicVerificationKey(rsa.publicKey, ['RS256', 'PS256'], 'publicKey')).toThrow(/algorithms/);
    expect(() => publicVerificationKey(rsa.publicKey, ['HS256'], 'publicKey')).toThrow(/for this key \(rsa\): RS256/);
    expect(() => publicVerificationKey(ec('prime256v1').publicKey, ['ES384'], 'publicKey')).toThrow(/: ES256/);
  });

  it.each<[string, unknown, RegExp]>([
    ['a private key', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }), /received "a private key"$/],
    ['a private KeyObject', rsa.privateKey, /received "a KeyObject of type private"$/],
    ['a weak RSA key', weakRsa.publicKey, /^publicKey: expected RSA of at least 2048 bits, received "1024 bits"$/],
    ['a curve that JWT does not know', ec('secp256k1').publicKey, /^publicKey: expected an RSA key, or an EC key on/],
    ['Ed25519', ed25519.publicKey, /received "ed25519"$/],
    ['no key', 'no key', /received "what cannot be read as one: /],
    ['a number', 5, /received "number"$/],
  ])('refuses %s', (_name, key, sentence) => {
    expect(() => publicVerificationKey(key, undefined, 'publicKey')).toThrow(sentence);
  });
});
