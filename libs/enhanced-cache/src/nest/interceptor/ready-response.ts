import { isNotModified } from '../../http/conditions.js';
import { acceptedCodings, codedTag, type ContentCoding } from '../../http/content-coding.js';
import { type Headers, headerText } from '../../http/headers.js';
import { ageSeconds, type HeaderField, type StoredResponse } from '../../http/stored-response.js';

/** What `X-Cache` says. */
export type Outcome = 'HIT' | 'MISS' | 'STALE' | 'BYPASS';

/** A response that is sent as it is: to it, the framework adds nothing and serializes nothing. */
export class ReadyResponse {
  constructor(
    readonly status: number,
    /** Header fields that stand in the place of those of the same names. */
    readonly fields: readonly HeaderField[],
    /** Names to be added to `Vary`. */
    readonly vary: readonly string[],
    readonly body: Buffer | undefined,
  ) {}
}

/** What is made of a {@link StoredResponse} for one request. */
export interface Replay {
  readonly outcome: Outcome;
  readonly nowMs: number;
  /** Codings that may be used for this route. */
  readonly encodings: readonly ContentCoding[];
}

/**
 * `stored` as it answers a request with `headers`.
 *
 * - RFC 9111 section 4: `Age` on what was not made for this request; `Date` is that of its making.
 * - RFC 9110 section 15.4.5: 304 carries those headers that a 200 would have had and that say how the client's copy may
 *   be used on, and no content.
 */
export function readyResponse(stored: StoredResponse, headers: Headers, replay: Replay): ReadyResponse {
  const coding = chooseCoding(stored, headers, replay.encodings);
  const etag = coding ? codedTag(stored.etag, coding) : stored.etag;
  const fields: HeaderField[] = [
    ['etag', etag],
    ['date', stored.date],
    ['x-cache', replay.outcome],
  ];
  if (replay.outcome === 'HIT' || replay.outcome === 'STALE') {
    fields.push(['age', String(ageSeconds(stored.createdAtMs, replay.nowMs))]);
  }
  const isConditional = headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
  if (isConditional && stored.status === 200 && isNotModified(headers, stored.etags, stored.lastModified)) {
    for (const field of stored.headers) if (isKeptFor304(field)) fields.push(field);
    return new ReadyResponse(304, fields, stored.vary, undefined);
  }
  fields.push(...stored.headers);
  if (coding) fields.push(['content-encoding', coding]);
  const body = coding ? (stored.codings[coding] as Buffer) : stored.body;
  return new ReadyResponse(stored.status, fields, stored.vary, body);
}

/** The first coding that the client takes and the response is kept in. */
function chooseCoding(
  stored: StoredResponse,
  headers: Headers,
  encodings: readonly ContentCoding[],
): ContentCoding | undefined {
  if (encodings.length === 0 || stored.body === undefined) return undefined;
  const accepted = acceptedCodings(headerText(headers, 'accept-encoding'));
  return accepted.find((coding) => encodings.includes(coding) && stored.codings[coding]);
}

function isKeptFor304([name]: HeaderField): boolean {
  return !name.startsWith('content-') || name === 'content-location';
}
