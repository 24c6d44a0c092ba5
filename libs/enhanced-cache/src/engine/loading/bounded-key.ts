import { createHash } from 'node:crypto';

/** Longer texts are hashed, so that no argument or URL makes a key as long as itself. */
export const MAX_READABLE_LENGTH = 200;
/** How much of a hashed text stays readable at the front of its key. */
const READABLE_PREFIX_LENGTH = 64;

/**
 * `text` as it is up to {@link MAX_READABLE_LENGTH} UTF-16 units, beyond that its beginning, `~` and its
 * {@link digest}.
 *
 * Different texts give different keys. For that a short text with a `~` of its own is hashed as well: it could be made
 * to look like the hash of another, whose entry it would then read and write.
 */
export function boundedKey(text: string): string {
  if (text.length <= MAX_READABLE_LENGTH && !text.includes('~')) return text;
  // A cut through a surrogate pair would leave half a character behind.
  return `${text.slice(0, READABLE_PREFIX_LENGTH).toWellFormed()}~${digest(text)}`;
}

/** SHA-256 in base64url, 43 characters: for what is too long, or too secret, to stand in a key. */
export function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('base64url');
}
