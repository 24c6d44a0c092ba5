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

/**
 * Why a response must not be stored, in words for a log; `undefined` where it may be.
 *
 * - RFC 9111 section 3: only a final, successful response; 206 holds a part (section 3.3).
 * - RFC 9111 section 5.2.2.5 and 5.2.2.7: `no-store` and `private` forbid it. A `no-cache` response could only be used
 *   after asking the origin, which is the handler.
 * - RFC 9111 section 7.3: a response that sets a cookie is meant for one client.
 * - RFC 9111 section 4.1: one that varies by headers outside of its key would be served to the wrong requests.
 */
export function refusalToStore({ status, headers, changed, body, vary, sent }: ResponseFacts): string | undefined {
  if (sent) return 'the handler sends the response itself';
  if (status < 200 || status > 299 || status === 206) return `its status is ${status}`;
  const directives = cacheDirectives(headers);
  for (const directive of ['no-store', 'private', 'no-cache']) {
    if (directives.has(directive)) return `it says Cache-Control: ${directive}`;
  }
  if (headers['set-cookie'] !== undefined) return 'it sets a cookie';
  if (changed.includes('vary')) {
    const open = headerList(headers, 'vary').find((name) => name !== 'origin' && !vary.includes(name));
    if (open !== undefined) return `it varies by ${open}, which is not in the option 'vary'`;
  }
  if (body === undefined) return 'it has no body';
  return isStream(body) ? 'it is a stream' : undefined;
}

/** Whether a body can be read only once: a Node.js or web stream, an async iterable, a Fetch API response. */
export function isStream(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false;
  if (types.isPromise(body) || Symbol.asyncIterator in body) return true;
  // `getStream` is Nest's StreamableFile, `getReader` a web stream, `arrayBuffer` a Fetch API response or Blob.
  return ['pipe', 'getStream', 'getReader', 'arrayBuffer'].some((method) => typeof Reflect.get(body, method) === 'function');
}
