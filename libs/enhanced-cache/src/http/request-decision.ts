import { cacheDirectives, type Headers, headerList } from './headers.js';

/**
 * What the cache does with a request.
 *
 * `lookup`: answer from the cache, store on a miss. `peek`: answer from the cache, store nothing. `refresh`: do not
 * answer from the cache, store the new response. `bypass`: neither.
 */
export type RequestDecision = 'lookup' | 'peek' | 'refresh' | 'bypass';

/**
 * Decides by method and request directives alone.
 *
 * - RFC 9110 section 9.2.3: only GET and HEAD are cached; RFC 9111 section 2 allows no less.
 * - RFC 9110 section 9.3.1: content in a GET has no meaning that a cache could know, and it is not part of the key.
 * - RFC 9111 section 4: HEAD is answered from a stored GET; the response to HEAD has no body and makes no entry.
 * - RFC 9111 section 5.2.1.5: a request with `no-store` leaves nothing behind.
 * - RFC 9111 section 5.2.1.4: a request with `no-cache` is not answered from the cache.
 * - RFC 9111 section 5.4: `Pragma: no-cache` means the same where there is no `Cache-Control`.
 */
export function decideRequest(method: string, headers: Headers): RequestDecision {
  if (method !== 'GET' && method !== 'HEAD') return 'bypass';
  const hasContent = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
  const directives = cacheDirectives(headers);
  if (hasContent || directives.has('no-store')) return 'bypass';
  const pragma = headers['cache-control'] === undefined && headerList(headers, 'pragma').includes('no-cache');
  const wantsFresh = directives.has('no-cache') || pragma;
  if (method === 'HEAD') return wantsFresh ? 'bypass' : 'peek';
  return wantsFresh ? 'refresh' : 'lookup';
}
