import { HttpException } from '@nestjs/common';
import { clientCacheControl } from '../../http/cache-control.js';
import { isCompressible, MIN_ENCODED_BYTES } from '../../http/content-coding.js';
import { entityTag } from '../../http/entity-tag.js';
import { type Headers, headerList, headerText } from '../../http/headers.js';
import { type Refusal, refusalToStore } from '../../http/response-decision.js';
import { responseLifetime } from '../../http/response-lifetime.js';
import { changedHeaders, type HeaderField, keptHeaders, StoredResponse } from '../../http/stored-response.js';
import { durationToMs } from '../../engine/duration.js';
import type { StoreRule } from '../decorators/rules.js';
import { messageOf } from '../warn-once.js';
import type { HttpExchange } from './http-exchange.js';
import type { SerializedBody } from './http-platform.js';

const WITHHELD: Refusal = { reason: "the option 'unless' says so", isMistake: false };
const UNSENDABLE: Refusal = { reason: 'the platform does not send such a body', isMistake: true };

/** What a handler made, and how. */
export interface Made {
  /** What Nest would send: after interceptors and serializers. */
  readonly body: unknown;
  /** Whether the option `unless` takes it out. */
  readonly isWithheld: boolean;
  /** Status and `Location` of a handler that redirects. */
  readonly redirect: { readonly status: number; readonly location: string } | undefined;
}

/** What a response is judged by besides itself. */
export interface Judgement {
  readonly rule: StoreRule;
  /** Request headers that are part of the key. */
  readonly vary: readonly string[];
  readonly tags: readonly string[];
  /** Response headers when the handler began; what differs since then is the handler's. */
  readonly before: Headers;
  /** Wall-clock milliseconds. */
  readonly nowMs: number;
}

/** What the handler made of this exchange, as it is to be stored with `status`, or why it is not. */
export function judgeResponse(
  exchange: HttpExchange,
  made: Made,
  by: Judgement,
  status = made.redirect?.status ?? exchange.status,
): StoredResponse | Refusal {
  const { rule, before, nowMs } = by;
  const { body, redirect } = made;
  const { isSent: sent, responseHeaders: headers } = exchange;
  const changed = changedHeaders(before, headers);
  // The identity in the key covers these two.
  const vary = rule.shared ? by.vary : [...by.vary, 'authorization', 'cookie'];
  const lifetime = responseLifetime(headers, nowMs);
  const { statuses } = rule.http;
  const refusal = refusalToStore({ status, headers, changed, body, vary, statuses, lifetime, sent });
  if (refusal) return refusal;
  if (made.isWithheld) return WITHHELD;
  let serialized: SerializedBody | undefined;
  try {
    serialized = redirect ? { bytes: undefined, type: undefined } : exchange.serialize(body);
  } catch (error) {
    return { reason: messageOf(error), isMistake: true };
  }
  if (!serialized) return UNSENDABLE;
  const { bytes, type } = serialized;
  const fields = keptHeaders(headers, changed).filter(([name]) => name !== 'content-type');
  if (type !== undefined && bytes) fields.unshift(['content-type', type]);
  if (redirect) fields.push(['location', redirect.location]);
  fields.push(...addedFields(by, headers));
  const isCoded = rule.http.encodings.length > 0 && mayBeCoded(bytes, type, headers);
  return new StoredResponse({
    status,
    headers: fields,
    body: bytes,
    etag: headerText(headers, 'etag') ?? entityTag(bytes ?? NO_BYTES),
    lastModified: headerText(headers, 'last-modified'),
    vary: varyNames(by, headers, isCoded),
    createdAtMs: nowMs,
    lifetime,
    thrown: undefined,
    codings: {},
  });
}

const NO_BYTES = new Uint8Array(0);

/** An exception that the rule wants to be stored, as a response; `undefined` for every other error. */
export function judgeError(error: unknown, by: Judgement): StoredResponse | undefined {
  if (!(error instanceof HttpException) || !by.rule.http.statuses.includes(error.getStatus())) return undefined;
  const response = JSON.stringify(error.getResponse());
  return new StoredResponse({
    status: error.getStatus(),
    headers: addedFields(by, {}),
    body: undefined,
    etag: entityTag(Buffer.from(response)),
    lastModified: undefined,
    vary: by.vary,
    createdAtMs: by.nowMs,
    lifetime: { freshSeconds: undefined, staleWhileRevalidateSeconds: undefined, staleIfErrorSeconds: undefined },
    thrown: { response },
    codings: {},
  });
}

export function isRefusal(judged: StoredResponse | Refusal): judged is Refusal {
  return 'reason' in judged;
}

/** What the rule says to clients and CDNs. */
function addedFields({ rule, tags }: Judgement, headers: Headers): HeaderField[] {
  const { shared, http, freshness } = rule;
  const control =
    headers['cache-control'] === undefined
      ? clientCacheControl({
          shared,
          browserSeconds: http.browserSeconds,
          sharedSeconds: http.sharedSeconds,
          staleWhileRevalidateSeconds: secondsOf(freshness.staleWhileRevalidate),
          staleIfErrorSeconds: secondsOf(freshness.staleIfError),
        })
      : undefined;
  const fields: HeaderField[] = control === undefined ? [] : [['cache-control', control]];
  if (http.tagHeader !== undefined && tags.length > 0) {
    // Fastly separates keys by spaces, Cloudflare and Akamai tags by commas: neither may be part of one.
    const separator = http.tagHeader === 'Surrogate-Key' ? ' ' : ',';
    fields.push([http.tagHeader.toLowerCase(), tags.map((tag) => tag.replace(UNSAFE_IN_TAG, encoded)).join(separator)]);
  }
  return fields;
}

/** What is no visible ASCII character, and what separates tags. */
const UNSAFE_IN_TAG = /[^\x21-\x7e]|[,%]/gu;

function encoded(character: string): string {
  return character === ',' ? '%2C' : encodeURIComponent(character);
}

function secondsOf(duration: StoreRule['freshness']['staleIfError']): number | undefined {
  return duration === undefined || duration === null ? undefined : durationToMs(duration) / 1000;
}

function mayBeCoded(bytes: Buffer | undefined, type: string | undefined, headers: Headers): boolean {
  if (!bytes || bytes.byteLength < MIN_ENCODED_BYTES || headers['content-encoding'] !== undefined) return false;
  return isCompressible(type);
}

/** By what the response varies: what is in its key, what the handler says, and the coding where there are several. */
function varyNames({ rule, vary, before }: Judgement, headers: Headers, isCoded: boolean): string[] {
  const present = headerList(before, 'vary');
  const named = headerList(headers, 'vary').filter((name) => !present.includes(name));
  return [...new Set([...rule.vary, ...vary, ...named, ...(isCoded ? ['accept-encoding'] : [])])];
}
