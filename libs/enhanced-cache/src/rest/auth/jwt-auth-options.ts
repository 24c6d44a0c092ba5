import type { KeyObject } from 'node:crypto';
import { InvalidOptionsError } from '../../engine/errors.js';
import { publicVerificationKey, secretVerificationKey, type VerificationKey } from './verification-key.js';

export type JwtSecret = string | Buffer;
export type JwtPublicKey = string | Buffer | KeyObject;

/**
 * Whose tokens the REST API accepts: exactly one of {@link secret} and {@link publicKey}.
 *
 * A token is taken from `Authorization: Bearer` alone, must name an expiry (`exp`) and is refused before its `nbf` and
 * its `iat`. Its scopes stand in `scope` (words) or `scopes` (a list).
 */
export interface JwtAuthOptions {
  /** Shared secret of at least 32 bytes. Several: each is accepted, for the time in which one replaces the other. */
  secret?: JwtSecret | readonly JwtSecret[];
  /** Public key in PEM or as a KeyObject: RSA of at least 2048 bits, or EC. Several: each is accepted. */
  publicKey?: JwtPublicKey | readonly JwtPublicKey[];
  /**
   * Signatures to accept, all of the family that the key belongs to.
   * @default HS256 for a secret, RS256 or PS256 for RSA, ES256, ES384 or ES512 by the curve for EC
   */
  algorithms?: readonly string[];
  /** Who must have issued the token (`iss`). @default not looked at */
  issuer?: string | readonly string[];
  /** For whom the token must be meant (`aud`): one of these. @default not looked at */
  audience?: string | readonly string[];
  /** By how many seconds the clocks of issuer and server may differ, 0 to 5. @default 0 */
  clockToleranceSeconds?: number;
  /** Refuses tokens that were issued (`iat`) longer ago than this, in seconds > 0. @default not looked at */
  maxAgeSeconds?: number;
}

/** {@link JwtAuthOptions}, judged. */
export interface JwtVerification {
  readonly keys: readonly VerificationKey[];
  readonly issuers: readonly string[] | undefined;
  readonly audiences: readonly string[] | undefined;
  readonly clockToleranceSeconds: number;
  readonly maxAgeSeconds: number | undefined;
}

const KNOWN: readonly (keyof JwtAuthOptions)[] = [
  'secret',
  'publicKey',
  'algorithms',
  'issuer',
  'audience',
  'clockToleranceSeconds',
  'maxAgeSeconds',
];
const MAX_CLOCK_TOLERANCE_SECONDS = 5;
const OPTION = 'controller.auth';

/**
 * @returns how to verify a token; `null` where `auth` is `false`: the API is open.
 * @throws {InvalidOptionsError} naming what cannot work, never showing a key. Without `auth` it says how to give it.
 */
export function judgeAuth(auth: unknown): JwtVerification | null {
  if (auth === false) return null;
  if (auth === undefined || auth === null) {
    const ways =
      `{ secret } or { publicKey } to verify the tokens of the REST API with, or false to leave the API open to ` +
      `everybody who can reach it; controller: false leaves it out`;
    throw new InvalidOptionsError(OPTION, ways, auth);
  }
  if (typeof auth !== 'object') throw new InvalidOptionsError(OPTION, 'an object, or false', typeof auth);
  for (const name of Object.keys(auth)) {
    if (!(KNOWN as readonly string[]).includes(name)) {
      // The value may be a secret under a misspelt name.
      throw new InvalidOptionsError(`${OPTION}.${name}`, `no option of that name (known: ${KNOWN.join(', ')})`, 'one');
    }
  }
  return judged(auth as JwtAuthOptions);
}

function judged(auth: JwtAuthOptions): JwtVerification {
  return {
    keys: judgeKeys(auth),
    issuers: names(auth.issuer, `${OPTION}.issuer`),
    audiences: names(auth.audience, `${OPTION}.audience`),
    clockToleranceSeconds: secondsBetween(
      auth.clockToleranceSeconds ?? 0,
      `${OPTION}.clockToleranceSeconds`,
      0,
      MAX_CLOCK_TOLERANCE_SECONDS,
    ),
    maxAgeSeconds:
      auth.maxAgeSeconds === undefined
        ? undefined
        : secondsBetween(auth.maxAgeSeconds, `${OPTION}.maxAgeSeconds`, 1, Number.MAX_SAFE_INTEGER),
  };
}

function judgeKeys({ secret, publicKey, algorithms }: JwtAuthOptions): VerificationKey[] {
  if ((secret === undefined) === (publicKey === undefined)) {
    throw new InvalidOptionsError(OPTION, 'one of secret and publicKey', secret === undefined ? 'none' : 'both');
  }
  const allowed = names(algorithms, `${OPTION}.algorithms`);
  const keys =
    secret === undefined
      ? list(publicKey).map((key, i) => publicVerificationKey(key, allowed, place('publicKey', publicKey, i)))
      : list(secret).map((key, i) => secretVerificationKey(key, allowed, place('secret', secret, i)));
  if (keys.length === 0) {
    throw new InvalidOptionsError(`${OPTION}.${secret === undefined ? 'publicKey' : 'secret'}`, 'at least one', []);
  }
  return keys;
}

function place(name: string, given: unknown, index: number): string {
  return Array.isArray(given) ? `${OPTION}.${name}[${index}]` : `${OPTION}.${name}`;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function names(value: unknown, option: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const all = list(value);
  if (all.length === 0 || !all.every((each) => typeof each === 'string' && each !== '')) {
    throw new InvalidOptionsError(option, 'one or more non-empty strings', value);
  }
  return all as readonly string[];
}

function secondsBetween(value: unknown, option: string, min: number, max: number): number {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new InvalidOptionsError(option, `a number of seconds from ${min} to ${max}`, value);
  }
  return value;
}
