import { randomFillSync } from 'node:crypto';

/** Characters of a token: 72 random bits, so that no two are ever the same. */
export const TOKEN_LENGTH = 12;
/** Of the length of a token, and none that was ever made: those hold no dot. */
export const NO_TOKEN = '.'.repeat(TOKEN_LENGTH);
const TOKEN_BYTES = 9;
const pool = Buffer.allocUnsafeSlow(TOKEN_BYTES * 256);
let used = pool.byteLength;

/** A new token of the characters of base64url. */
export function randomToken(): string {
  if (used === pool.byteLength) {
    randomFillSync(pool);
    used = 0;
  }
  used += TOKEN_BYTES;
  return pool.toString('base64url', used - TOKEN_BYTES, used);
}
