/** Characters of a key that are looked at; what follows is one variable part. */
const MAX_PATTERN_CHARS = 128;
/** Letters and digits that take turns in a part of so many characters are an id, not a word. */
const MIN_ID_CHARS = 8;

const STRUCTURE = /([:/|#?&=,;\s()[\]{}"'<>]+)/;
const VARIABLE = /[\d@]/;
const NUMBER = /^\d+$/;
const EMAIL = /^[^@]+@[^@]+$/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const PART_SEPARATOR = /([._-]+)/;
const VERSION = /^v\d{1,2}$/i;
const HEX = /^[0-9a-f]+$/i;
const WORD = /^(?:[a-z]+|[A-Z][a-z]*|[A-Z]+)$/;
const ALTERNATIONS = /\d[a-z]|[a-z]\d/gi;

/**
 * The shape of a key: what varies from key to key becomes `*`, so that `user:123:profile` and `user:456:profile` are
 * both `user:*:profile`.
 *
 * A key is cut at punctuation (`: / | # ? & = , ;`, brackets, quotes, spaces). In each segment these are variable:
 * e-mail addresses; UUIDs; ids in which letters and digits take turns (ULID, nanoid, base64, hex of 8 characters or
 * more with a digit); any run of digits, also inside a word (`page12` is `page*`), except a version such as `v2`.
 * Only the first 128 characters are looked at. Purely alphabetical names are kept: `user:alice` cannot be told from
 * `user:settings`.
 *
 * Cost: O(length), at most 128 characters.
 */
export function keyPattern(key: string): string {
  const head = key.length > MAX_PATTERN_CHARS ? key.slice(0, MAX_PATTERN_CHARS) : key;
  const segments = head.split(STRUCTURE);
  for (let at = 0; at < segments.length; at += 2) segments[at] = segmentPattern(segments[at]);
  if (head.length < key.length) segments[segments.length - 1] = '*';
  return segments.join('');
}

function segmentPattern(segment: string): string {
  // The two commonest kinds, words and numbers, are told at once; each further rule needs a digit or an @.
  if (!VARIABLE.test(segment)) return segment;
  if (NUMBER.test(segment) || EMAIL.test(segment)) return '*';
  const parts = segment.replace(UUID, '0').split(PART_SEPARATOR);
  const firstId = parts.findIndex(isId);
  if (firstId >= 0) {
    // Ids may hold `-` and `_` themselves: all up to the next plain word belongs to the id.
    let end = parts.length;
    while (end > firstId + 1 && WORD.test(parts[end - 1])) end -= 2;
    parts.splice(firstId, Math.max(end - firstId, 1), '*');
  }
  return parts.map((part) => (VERSION.test(part) ? part : part.replace(/\d+/g, '*'))).join('');
}

function isId(part: string): boolean {
  if (part.length < MIN_ID_CHARS || !/\d/.test(part) || !/[a-z]/i.test(part)) return false;
  return HEX.test(part) || (part.match(ALTERNATIONS)?.length ?? 0) >= 2;
}
