import { types } from 'node:util';
import { type CacheControl, cacheControl } from './cache-control.js';
import { type Headers, headerList } from './headers.js';
import type { ResponseLifetime } from './response-lifetime.js';

/** Statuses that are stored unasked. */
export const STORED_STATUSES: readonly number[] = [200, 203, 204];
/**
 * Statuses that a rule may name to have them stored: those that RFC 9110 section 15.1 calls heuristically cacheable,
 * without 206, which is a part of something.
 */
export const STORABLE_STATUSES: readonly number[] = [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501];

/** A response as far as it is known before it is sent. */
export interface ResponseFacts {
  readonly status: number;
  /** All response headers, lower case. */
  readonly headers: Headers;
  /** Header names that the handler set or changed, lower case. */
  readonly changed: readonly string[];
  readonly body: unknown;
  /** Request headers that are part of the key, lower case. */
  readonly vary: readonly string[];
  /** Statuses that may be stored. */
  readonly statuses: readonly number[];
  readonly lifetime: ResponseLifetime;
  /** Whether the head of the response is already on its way. */
  readonly sent: boolean;
}

/** Why a response is not stored. */
export interface Refusal {
  readonly reason: string;
  /** Whether somebody should change the code: the route was meant to be cached and cannot be as it is. */
  readonly isMistake: boolean;
  /** Request headers by which it varies besides those in its key: once the key holds them too, the next may be stored. */
  readonly learned?: readonly string[];
}

/**
 * Why a response must not be stored; `undefined` where it may be.
 *
 * - RFC 9111 section 3: only a final response of a status that is understood; 206 holds a part (section 3.3).
 * - RFC 9111 sections 5.2.2.5 and 5.2.2.7: `no-store` and `private` forbid it. A `no-cache` response (5.2.2.4) could only
 *   be used after asking the origin, which is the handler.
 * - RFC 9111 section 4.2: one without any lifetime cannot be used either, except stale where that is allowed.
 * - RFC 9111 section 7.3: a response that sets a cookie is meant for one client.
 * - RFC 9111 section 4.1: `Vary: *` fits no other request. One that varies by headers outside of its key would be served
 *   to the wrong requests; it names them, and the key of the next one holds them.
 */
export function refusalToStore(facts: ResponseFacts): Refusal | undefined {
  const { status, headers, changed, body, vary, statuses, lifetime, sent } = facts;
  if (sent) return { reason: 'the handler sends the response itself', isMistake: true };
  if (!statuses.includes(status)) return { reason: `its status is ${status}`, isMistake: false };
  const forbidden = forbidding(cacheControl(headers));
  if (forbidden !== undefined) return { reason: `it says Cache-Control: ${forbidden}`, isMistake: false };
  if (isOfNoUse(lifetime)) return { reason: 'it says that it is stale at once', isMistake: false };
  if (headers['set-cookie'] !== undefined) return { reason: 'it sets a cookie', isMistake: false };
  const open = headerList(headers, 'vary').filter((name) => !isCovered(name, vary, changed));
  if (open.includes('*')) return { reason: 'it varies by more than headers (Vary: *)', isMistake: true };
  if (open.length > 0) return { reason: `it varies by ${open.join(', ')}`, isMistake: false, learned: open };
  // 204 (No Content) and redirects are whole without one.
  if (body === undefined && status < 204) return { reason: 'it has no body', isMistake: false };
  return isStream(body) ? { reason: 'it is a stream', isMistake: true } : undefined;
}

function forbidding(directives: CacheControl): string | undefined {
  return ['no-store', 'private', 'no-cache'].find((directive) => directives.has(directive));
}

function isOfNoUse(lifetime: ResponseLifetime): boolean {
  const { freshSeconds, staleWhileRevalidateSeconds = 0, staleIfErrorSeconds = 0 } = lifetime;
  return freshSeconds === 0 && staleWhileRevalidateSeconds === 0 && staleIfErrorSeconds === 0;
}

/**
 * Content coding is applied after the handler. CORS headers are made anew for each request by middleware, so that its
 * `Vary: Origin` does not concern what is stored, unless the handler itself names the origin.
 */
function isCovered(name: string, vary: readonly string[], changed: readonly string[]): boolean {
  if (name === 'origin' && !vary.includes(name)) return !changed.includes('access-control-allow-origin');
  return name === 'accept-encoding' || vary.includes(name);
}

/** Whether a body can be read only once: a Node.js or web stream, an async iterable, a Fetch API response. */
export function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  if (types.isPromise(body) || Symbol.asyncIterator in body) return true;
  // `getStream` is Nest's StreamableFile, `getReader` a web stream, `arrayBuffer` a Fetch API response or Blob.
  return ['pipe', 'getStream', 'getReader', 'arrayBuffer'].some(
    (method) => typeof Reflect.get(body, method) === 'function',
  );
}
