/** Content codings that a response may be kept in besides its plain form (RFC 9110 section 8.4.1). */
export const CONTENT_CODINGS = ['br', 'gzip'] as const;
export type ContentCoding = (typeof CONTENT_CODINGS)[number];

/** Bodies below this many bytes fit into one packet anyway. */
export const MIN_ENCODED_BYTES = 1024;
/** Types that compress; images, archives and fonts are compressed already. */
const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|[^;]*(?:\+json|\+xml|\/json|\/xml|javascript|\/wasm|\/x-ndjson)\b)|svg/i;
/** Most `Accept-Encoding` texts remembered: there are as many as kinds of clients. */
const MAX_REMEMBERED = 100;

export function isCompressible(contentType: string | undefined): boolean {
  return contentType !== undefined && COMPRESSIBLE.test(contentType);
}

const remembered = new Map<string, readonly ContentCoding[]>();

/**
 * The codings that a client takes, those that it likes best first, `br` before `gzip` where it likes both alike; plain
 * (`identity`) where that is liked better than all (RFC 9110 section 12.5.3).
 */
export function acceptedCodings(acceptEncoding: string | undefined): readonly ContentCoding[] {
  if (acceptEncoding === undefined || acceptEncoding === '') return [];
  const known = remembered.get(acceptEncoding);
  if (known) return known;
  const accepted = judge(acceptEncoding);
  if (remembered.size < MAX_REMEMBERED) remembered.set(acceptEncoding, accepted);
  return accepted;
}

function judge(acceptEncoding: string): ContentCoding[] {
  const weights = new Map<string, number>();
  for (const member of acceptEncoding.toLowerCase().split(',')) {
    const [name, ...parameters] = member.split(';').map((part) => part.trim());
    const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    weights.set(name === 'x-gzip' ? 'gzip' : name, Number(q) || 0);
  }
  const weightOf = (coding: string): number => weights.get(coding) ?? weights.get('*') ?? 0;
  const plain = weights.get('identity') ?? 0;
  return CONTENT_CODINGS.filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= plain).sort(
    (a, b) => weightOf(b) - weightOf(a),
  );
}

/**
 * The entity tag of the same response in another coding: a strong tag names bytes, and these are others
 * (RFC 9110 section 8.8.3.3).
 */
export function codedTag(etag: string, coding: ContentCoding): string {
  return `${etag.slice(0, -1)}-${coding}"`;
}
