import type { Headers } from './headers.js';

/** One response as it lies in the cache. */
export interface StoredResponse {
  /** Tells a response from the value that a method may have stored under the same key. */
  readonly kind: typeof KIND;
  readonly status: number;
  /** What the handler set and what is worth keeping, lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** What the handler returned. */
  readonly body: unknown;
  /** Entity tag, quotes included. */
  readonly etag: string;
  /** When the response was made, in wall-clock milliseconds. */
  readonly createdAtMs: number;
}

const KIND = 'enhanced-cache:response:1';

/**
 * Headers that belong to one message or connection and are never kept: RFC 9110 section 7.6.1 and RFC 9111 section 3.1
 * (connection), RFC 9110 section 6.6.1 (`Date`), RFC 9111 section 5.1 (`Age`), lengths and framing, which the platform
 * makes anew, and what tells clients apart.
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
  'x-cache',
]);

/** Names whose values in `after` differ from those in `before`: what the handler did. */
export function changedHeaders(before: Headers, after: Headers): string[] {
  return Object.keys(after).filter((name) => String(after[name]) !== String(before[name]));
}

/** What of `headers` is stored: the `changed` ones that do not belong to one message alone. */
export function keptHeaders(headers: Headers, changed: readonly string[]): StoredResponse['headers'] {
  const kept: Record<string, string | readonly string[]> = {};
  for (const name of changed) {
    const value = headers[name];
    if (value !== undefined && !NOT_KEPT.has(name)) kept[name] = typeof value === 'number' ? String(value) : value;
  }
  return kept;
}

export function storedResponse(response: Omit<StoredResponse, 'kind'>): StoredResponse {
  return { kind: KIND, ...response };
}

export function isStoredResponse(value: unknown): value is StoredResponse {
  return typeof value === 'object' && value !== null && Reflect.get(value, 'kind') === KIND;
}

/** RFC 9111 section 5.1: whole seconds since the response was made, never negative. */
export function ageSeconds(response: StoredResponse, nowMs: number): number {
  return Math.max(0, Math.floor((nowMs - response.createdAtMs) / 1000));
}
