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
    /** `X-Cache`. */
    readonly outcome: Outcome,
    /** `Age`, in seconds; `undefined` for what was made now. */
    readonly age: number | undefined,
    /** Names to be added to `Vary`. */
    readonly vary: readonly string[],
    /** A text is ASCII: its length is that of its bytes. */
    readonly body: Buffer | string | undefined,
  ) {}
}

/** Stands for a response that was sent: nothing more is to be done for it. A text, as nobody looks into one. */
export const ALREADY_SENT = String(Symbol('enhanced-cache:already-sent'));

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
 * - RFC 9110 section 13.2.1: conditions count where the response is a successful one.
 * - RFC 9110 section 15.4.5: 304 carries those headers that a 200 would have had and that say how the client's copy may
 *   be used on, and no content.
 */
export function readyResponse(stored: StoredResponse, headers: Headers, replay: Replay): ReadyResponse {
  const { outcome, nowMs, encodings } = replay;
  const { status, vary } = stored;
  const age = outcome === 'HIT' || outcome === 'STALE' ? ageSeconds(stored.createdAtMs, nowMs) : undefined;
  const coding = encodings.length === 0 ? undefined : chooseCoding(stored, headers, encodings);
  const isConditional = headers['if-none-match'] !== undefined || headers['if-modified-since'] !== undefined;
  if (isConditional && status >= 200 && status < 300 && isNotModified(headers, stored.etags, stored.lastModified)) {
    const kept = stored.fields.filter(isKeptFor304);
    return new ReadyResponse(304, coding ? coded(kept, coding) : kept, outcome, age, vary, undefined);
  }
  if (!coding) return new ReadyResponse(status, stored.fields, outcome, age, vary, stored.body);
  const fields = coded(stored.fields, coding);
  fields.push(['content-encoding', coding]);
  return new ReadyResponse(status, fields, outcome, age, vary, stored.codings[coding] as Buffer);
}

/** `fields` with the entity tag of the body in another coding. */
function coded(fields: readonly HeaderField[], coding: ContentCoding): HeaderField[] {
  return fields.map((field) => (field[0] === 'etag' ? ['etag', codedTag(field[1] as string, coding)] : field));
}

/** The first coding that the client takes and the response is kept in. */
function chooseCoding(
  stored: StoredResponse,
  headers: Headers,
  encodings: readonly ContentCoding[],
): ContentCoding | undefined {
  if (stored.body === undefined) return undefined;
  const accepted = acceptedCodings(headerText(headers, 'accept-encoding'));
  return accepted.find((coding) => encodings.includes(coding) && stored.codings[coding]);
}

function isKeptFor304([name]: HeaderField): boolean {
  return !name.startsWith('content-') || name === 'content-location';
}
