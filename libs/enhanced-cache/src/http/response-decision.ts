import { types } from 'node:util';
import { cacheDirectives, type Headers, headerList } from './headers.js';

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
  /** Whether the head of the response is already on its way. */
  readonly sent: boolean;
}

/** Why a response is not stored. */
export interface Refusal {
  readonly reason: string;
  /** Whether somebody should change the code: the route was meant to be cached and cannot be as it is. */
  readonly isMistake: boolean;
}

/**
 * Why a response must not be stored; `undefined` where it may be.
 *
 * - RFC 9111 section 3: only a final, successful response; 206 holds a part (section 3.3).
 * - RFC 9111 sections 5.2.2.5 and 5.2.2.7: `no-store` and `private` forbid it. A `no-cache` response (5.2.2.4) could only
 *   be used after asking the origin, which is the handler.
 * - RFC 9111 section 7.3: a response that sets a cookie is meant for one client.
 * - RFC 9111 section 4.1: one that varies by headers outside of its key would be served to the wrong requests.
 */
export function refusalToStore({ status, headers, changed, body, vary, sent }: ResponseFacts): Refusal | undefined {
  if (sent) return { reason: 'the handler sends the response itself', isMistake: true };
  if (status < 200 || status > 299 || status === 206) return { reason: `its status is ${status}`, isMistake: false };
  const directives = cacheDirectives(headers);
  const forbidden = ['no-store', 'private', 'no-cache'].find((directive) => directives.has(directive));
  if (forbidden !== undefined) return { reason: `it says Cache-Control: ${forbidden}`, isMistake: false };
  if (headers['set-cookie'] !== undefined) return { reason: 'it sets a cookie', isMistake: false };
  const open = headerList(headers, 'vary').find((name) => !isCovered(name, vary, changed));
  if (open !== undefined)
    return { reason: `it varies by ${open}, which the option 'vary' does not name`, isMistake: true };
  if (body === undefined) return { reason: 'it has no body', isMistake: false };
  return isStream(body) ? { reason: 'it is a stream', isMistake: true } : undefined;
}

/**
 * Content coding is applied after the handler. CORS headers are made anew for each request by middleware, so that its
 * `Vary: Origin` does not concern what is stored, unless the handler itself names the origin.
 */
function isCovered(name: string, vary: readonly string[], changed: readonly string[]): boolean {
  if (name === 'origin') return !changed.includes('access-control-allow-origin');
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
