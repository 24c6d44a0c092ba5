import { digest } from '../engine/loading/bounded-key.js';

/** 132 bits of SHA-256 in base64url: two bodies never meet by chance. */
const TAG_LENGTH = 22;

/** A strong entity tag of a body as it is sent (RFC 9110 section 8.8.3). */
export function entityTag(body: Uint8Array): string {
  return `"${digest(body).slice(0, TAG_LENGTH)}"`;
}

/**
 * Whether `If-None-Match` names the entity tag, by weak comparison, or `*` (RFC 9110 sections 8.8.3.2 and 13.1.2). Then
 * the answer to GET and HEAD is 304 (Not Modified).
 */
export function noneMatchNames(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  // An entity tag may hold commas: the list is matched, not split.
  const named: readonly string[] = ifNoneMatch.match(/"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
  return named.includes(opaque);
}
