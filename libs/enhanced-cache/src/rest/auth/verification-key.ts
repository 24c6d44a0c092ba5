import { createPublicKey, KeyObject } from 'node:crypto';
import { InvalidOptionsError } from '../../engine/errors.js';

/** A key and the signatures that are accepted with it: all of one family, so that no key is used for another one. */
export interface VerificationKey {
  /** The bytes of a secret, or a public key in PEM. */
  readonly material: string | Buffer;
  readonly algorithms: readonly string[];
}

/** HMAC is no stronger than its key: RFC 7518, section 3.2 asks for one of the size of the hash. */
const MIN_SECRET_BYTES = 32;
/** RFC 7518, section 3.3. */
const MIN_RSA_BITS = 2048;
const HMAC = ['HS256', 'HS384', 'HS512'];
const RSA_PKCS1 = ['RS256', 'RS384', 'RS512'];
const RSA_PSS = ['PS256', 'PS384', 'PS512'];
/** ECDSA in JWT ties the curve to the hash: RFC 7518, section 3.4. */
const ALGORITHM_OF_CURVE: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

/** @throws {InvalidOptionsError} for a short secret, a key in PEM, and algorithms that are not HMAC. */
export function secretVerificationKey(
  secret: unknown,
  algorithms: readonly string[] | undefined,
  option: string,
): VerificationKey {
  if (typeof secret !== 'string' && !Buffer.isBuffer(secret)) {
    throw new InvalidOptionsError(option, 'a string or a Buffer', typeof secret);
  }
  const material = Buffer.from(secret);
  // A public key used as a secret would let everybody who can read it sign tokens.
  if (material.includes('-----BEGIN ')) {
    throw new InvalidOptionsError(option, 'a shared secret; give a key in PEM as publicKey', 'a key in PEM');
  }
  if (material.length < MIN_SECRET_BYTES) {
    throw new InvalidOptionsError(option, `at least ${MIN_SECRET_BYTES} bytes`, `${material.length} bytes`);
  }
  return { material, algorithms: oneFamily(algorithms ?? [HMAC[0]], [HMAC], 'a secret') };
}

/** @throws {InvalidOptionsError} for what is no public key, a weak or unsupported one, and algorithms of another kind. */
export function publicVerificationKey(
  key: unknown,
  algorithms: readonly string[] | undefined,
  option: string,
): VerificationKey {
  const publicKey = readPublicKey(key, option);
  const [fallback, families] = algorithmsOf(publicKey, option);
  return {
    material: publicKey.export({ type: 'spki', format: 'pem' }) as string,
    algorithms: oneFamily(algorithms ?? [fallback], families, `this key (${publicKey.asymmetricKeyType})`),
  };
}

function readPublicKey(key: unknown, option: string): KeyObject {
  const expected = 'a public key in PEM or as a KeyObject';
  if (key instanceof KeyObject) {
    if (key.type !== 'public') throw new InvalidOptionsError(option, expected, `a KeyObject of type ${key.type}`);
    return key;
  }
  if (typeof key !== 'string' && !Buffer.isBuffer(key)) throw new InvalidOptionsError(option, expected, typeof key);
  // createPublicKey() would derive the public key, but a private one has no business where tokens are only verified.
  if (key.includes('PRIVATE KEY')) throw new InvalidOptionsError(option, expected, 'a private key');
  try {
    return createPublicKey(key);
  } catch (error) {
    throw new InvalidOptionsError(option, expected, `what cannot be read as one: ${(error as Error).message}`);
  }
}

function algorithmsOf(key: KeyObject, option: string): [fallback: string, families: readonly (readonly string[])[]] {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  const type = key.asymmetricKeyType;
  if (type === 'rsa' || type === 'rsa-pss') {
    if (modulusLength < MIN_RSA_BITS) {
      throw new InvalidOptionsError(option, `RSA of at least ${MIN_RSA_BITS} bits`, `${modulusLength} bits`);
    }
    return type === 'rsa' ? [RSA_PKCS1[0], [RSA_PKCS1, RSA_PSS]] : [RSA_PSS[0], [RSA_PSS]];
  }
  const forCurve = ALGORITHM_OF_CURVE[namedCurve];
  if (forCurve !== undefined) return [forCurve, [[forCurve]]];
  const curves = Object.keys(ALGORITHM_OF_CURVE).join(', ');
  throw new InvalidOptionsError(option, `an RSA key, or an EC key on ${curves}`, `${type} ${namedCurve}`.trim());
}

function oneFamily(
  algorithms: readonly string[],
  families: readonly (readonly string[])[],
  whose: string,
): readonly string[] {
  if (!families.some((family) => algorithms.every((algorithm) => family.includes(algorithm)))) {
    const allowed = families.map((family) => family.join(', ')).join('; or ');
    throw new InvalidOptionsError('controller.auth.algorithms', `for ${whose}: ${allowed}`, algorithms.join(', '));
  }
  return algorithms;
}
