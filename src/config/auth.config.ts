import { createPublicKey, randomBytes } from 'node:crypto';
import { ConfigurationError, type EnvReader } from './env-reader.js';

/** HMAC with SHA-256 is no stronger than its key: RFC 7518, section 3.2 asks for a key of the size of the hash. */
const MIN_SECRET_BYTES = 32;

/** `generated`: the secret was made at this start and is known to nobody else. */
type Key =
  { readonly secret: string; readonly generated: boolean } | { readonly publicKey: string; readonly generated: false };

/** How callers prove who they are: a token signed with the key, and by and for whom, where that is configured. */
export type AuthConfig = Key & { readonly issuer?: string; readonly audience?: string };

/**
 * @throws {ConfigurationError} where the key is too weak or no key, where two are given, and in production where none is.
 *   The message never holds the secret itself.
 */
export function readAuthConfig(env: EnvReader, production: boolean): AuthConfig {
  const issuer = env.text('JWT_ISSUER');
  const audience = env.text('JWT_AUDIENCE');
  return { ...readKey(env, production), ...(issuer && { issuer }), ...(audience && { audience }) };
}

function readKey(env: EnvReader, production: boolean): Key {
  const secret = env.text('JWT_SECRET');
  const publicKey = env.text('JWT_PUBLIC_KEY');
  if (secret !== undefined && publicKey !== undefined) {
    throw new ConfigurationError('JWT_SECRET', 'give either JWT_SECRET or JWT_PUBLIC_KEY, not both');
  }
  if (secret !== undefined) return { secret: judgeSecret(secret), generated: false };
  if (publicKey !== undefined) return { publicKey: judgePublicKey(publicKey), generated: false };
  if (production) {
    throw new ConfigurationError(
      'JWT_SECRET',
      `with NODE_ENV=production give JWT_SECRET (${MIN_SECRET_BYTES} bytes or more) or JWT_PUBLIC_KEY (PEM); ` +
        'the server does not start without one',
    );
  }
  return { secret: randomBytes(MIN_SECRET_BYTES).toString('base64url'), generated: true };
}

function judgeSecret(secret: string): string {
  const bytes = Buffer.byteLength(secret);
  if (bytes < MIN_SECRET_BYTES) {
    throw new ConfigurationError('JWT_SECRET', `expected ${MIN_SECRET_BYTES} bytes or more, received ${bytes}`);
  }
  return secret;
}

/** A PEM text on one line, its line breaks written as `\n`, is what most deployment tools can pass on. */
function judgePublicKey(text: string): string {
  const pem = text.replaceAll('\\n', '\n');
  // createPublicKey would quietly derive the public key from a private one, which has no business on this machine.
  if (pem.includes('PRIVATE KEY')) {
    throw new ConfigurationError('JWT_PUBLIC_KEY', 'expected a public key in PEM, received a private key');
  }
  try {
    createPublicKey(pem);
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfigurationError('JWT_PUBLIC_KEY', `expected a public key in PEM, which this is not (${message})`);
  }
  return pem;
}
