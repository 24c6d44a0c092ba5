import { isAscii } from 'node:buffer';
import { ImmutableValue } from '../engine/codec/immutable-value.js';
import { heapSize } from '../engine/sizing/heap-size.js';
import { codedTag, type ContentCoding } from './content-coding.js';
import type { Headers } from './headers.js';
import type { ResponseLifetime } from './response-lifetime.js';

const KIND = 'enhanced-cache:response:2';

/** A header field with its lower-case name. */
export type HeaderField = readonly [name: string, value: string | readonly string[]];

/** An exception that stands for a response: filters make the response anew each time. */
export interface ThrownResponse {
  /** What the exception says, as JSON. */
  readonly response: string;
}

/** The content of a {@link StoredResponse}. */
export interface ResponseContent {
  readonly status: number;
  /** What the handler set and what is worth keeping, in the order in which it is sent. */
  readonly headers: readonly HeaderField[];
  /** The bytes as they are sent, a text for ASCII alone; `undefined` where there are none. */
  readonly body: Uint8Array | string | undefined;
  /** Entity tag, quotes included. */
  readonly etag: string;
  readonly lastModified: string | undefined;
  /** Names of the request headers by which it varies, besides those that other parts of the app add. */
  readonly vary: readonly string[];
  /** When the response was made, in wall-clock milliseconds. */
  readonly createdAtMs: number;
  readonly lifetime: ResponseLifetime;
  readonly thrown: ThrownResponse | undefined;
  /** The body in other codings; `null` where one does not make it smaller. */
  readonly codings: Readonly<Partial<Record<ContentCoding, Uint8Array | null>>>;
}

/**
 * One response as it lies in the cache, ready to be sent: a hit copies, serializes and compresses nothing.
 */
export class StoredResponse extends ImmutableValue implements ResponseContent {
  /** Tells a response from the value that a method may have stored under the same key, after a copy too. */
  readonly kind = KIND;
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly body: Buffer | string | undefined;
  readonly etag: string;
  readonly lastModified: string | undefined;
  readonly vary: readonly string[];
  readonly createdAtMs: number;
  /** `Date` (RFC 9110 section 6.6.1): when the response was made, not when it is sent again. */
  readonly date: string;
  /** {@link headers}, `ETag` and `Date`: what goes with every answer that has the plain body. */
  readonly fields: readonly HeaderField[];
  readonly lifetime: ResponseLifetime;
  readonly thrown: ThrownResponse | undefined;
  readonly codings: ResponseContent['codings'];
  readonly heldBytes: number;

  constructor(content: ResponseContent) {
    super();
    this.status = content.status;
    this.headers = content.headers;
    this.body = content.body instanceof Uint8Array ? compact(asBuffer(content.body)) : content.body;
    this.etag = content.etag;
    this.lastModified = content.lastModified;
    this.vary = content.vary;
    this.createdAtMs = content.createdAtMs;
    this.date = new Date(content.createdAtMs).toUTCString();
    this.fields = [...content.headers, ['etag', content.etag], ['date', this.date]];
    this.lifetime = content.lifetime;
    this.thrown = content.thrown;
    this.codings = content.codings;
    this.heldBytes = heapSize([this.toPlain(), this.date, this.fields]);
    Object.freeze(this);
  }

  /** Entity tags of all forms in which it may have been sent. */
  get etags(): readonly string[] {
    return [this.etag, codedTag(this.etag, 'br'), codedTag(this.etag, 'gzip')];
  }

  /** The same response with its body in one more coding. */
  withCoding(coding: ContentCoding, body: Uint8Array | null): StoredResponse {
    return new StoredResponse({ ...this.toPlain(), codings: { ...this.codings, [coding]: body } });
  }

  toPlain(): ResponseContent & { readonly kind: typeof KIND } {
    const { kind, status, headers, body, etag, lastModified, vary, createdAtMs, lifetime, thrown, codings } = this;
    return { kind, status, headers, body, etag, lastModified, vary, createdAtMs, lifetime, thrown, codings };
  }
}

/**
 * The response that `value` is, or was before it left this process in an export or a second tier; `undefined` for every
 * other value.
 */
export function asStoredResponse(value: unknown): StoredResponse | undefined {
  if (value instanceof StoredResponse) return value;
  if (typeof value !== 'object' || value === null || Reflect.get(value, 'kind') !== KIND) return undefined;
  return new StoredResponse(value as ResponseContent);
}

/**
 * Headers that belong to one message or connection and are never kept: RFC 9110 section 7.6.1 and RFC 9111 section 3.1
 * (connection), RFC 9110 section 6.6.1 (`Date`), RFC 9111 section 5.1 (`Age`), lengths and framing, which are made anew,
 * and what tells clients apart. `Vary` is kept apart, as it is merged with that of the present response.
 */
const NOT_KEPT: ReadonlySet<string> = new Set([
  'age',
  'connection',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-connection',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
  'x-cache',
]);

/** Names whose values in `after` differ from those in `before`: what the handler did. */
export function changedHeaders(before: Headers, after: Headers): string[] {
  return Object.keys(after).filter((name) => String(after[name]) !== String(before[name]));
}

/** What of `headers` is stored: the `changed` ones that do not belong to one message alone. */
export function keptHeaders(headers: Headers, changed: readonly string[]): HeaderField[] {
  const kept: HeaderField[] = [];
  for (const name of changed) {
    const value = headers[name];
    if (value !== undefined && !NOT_KEPT.has(name)) {
      kept.push([name, typeof value === 'number' ? String(value) : value]);
    }
  }
  return kept;
}

/** RFC 9111 section 5.1: whole seconds since the response was made, never negative. */
export function ageSeconds(createdAtMs: number, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - createdAtMs) / 1000));
}

/**
 * Node.js sends a head and a text with one call of the system, a head and bytes with a slower one for several parts; and a
 * short text takes 250 bytes less than its bytes do. A longer one would be copied for that.
 */
function compact(bytes: Buffer): Buffer | string {
  return bytes.byteLength <= MAX_TEXT_BYTES && isAscii(bytes) ? bytes.toString('latin1') : bytes;
}

const MAX_TEXT_BYTES = 16_384;

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
