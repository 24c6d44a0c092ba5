import { cacheControl, deltaSeconds } from './cache-control.js';
import { type Headers, headerList } from './headers.js';

/**
 * What the cache does with a request.
 *
 * `lookup`: answer from the cache, store on a miss. `peek`: answer from the cache, store nothing. `refresh`: do not
 * answer from the cache, store the new response. `bypass`: neither.
 */
export type RequestUse = 'lookup' | 'peek' | 'refresh' | 'bypass';

/** {@link RequestUse}, and which stored responses the client takes. */
export interface RequestDecision {
  readonly use: RequestUse;
  /** Seconds; an older response will not do. */
  readonly maxAgeSeconds: number;
  /** Seconds; a response must be fresh for that much longer. */
  readonly minFreshSeconds: number;
  /** Rather no response at all than one that has to be made. */
  readonly onlyIfCached: boolean;
}

const ANY = { maxAgeSeconds: Infinity, minFreshSeconds: 0, onlyIfCached: false };
const LOOKUP: RequestDecision = Object.freeze({ use: 'lookup', ...ANY });
const PEEK: RequestDecision = Object.freeze({ use: 'peek', ...ANY });
const REFRESH: RequestDecision = Object.freeze({ use: 'refresh', ...ANY });
const BYPASS: RequestDecision = Object.freeze({ use: 'bypass', ...ANY });

/**
 * Decides by method and request headers alone.
 *
 * - RFC 9110 section 9.2.3: only GET and HEAD are cached; RFC 9111 section 2 allows no less.
 * - RFC 9110 section 9.3.1: content in a GET has no meaning that a cache could know, and it is not part of the key.
 * - RFC 9110 section 14.2: what a range of the content is, is left to the handler; RFC 9111 section 3.3 lets a cache
 *   that does not know ranges store nothing of them.
 * - RFC 9111 section 4: HEAD is answered from a stored GET; the response to HEAD has no body and makes no entry.
 * - RFC 9111 section 5.2.1.5: a request with `no-store` leaves nothing behind.
 * - RFC 9111 section 5.2.1.4: a request with `no-cache` is not answered from the cache.
 * - RFC 9111 sections 5.2.1.1 and 5.2.1.3: `max-age` and `min-fresh` say how fresh an answer has to be.
 * - RFC 9111 section 5.2.1.7: with `only-if-cached` the handler is not asked.
 * - RFC 9111 section 5.4: `Pragma: no-cache` means `no-cache` where there is no `Cache-Control`.
 *
 * `max-stale` is a permission (section 5.2.1.2) that this cache makes no use of.
 */
export function decideRequest(method: string, headers: Headers): RequestDecision {
  if ((method !== 'GET' && method !== 'HEAD') || hasContent(headers) || headers.range !== undefined) return BYPASS;
  const isHead = method === 'HEAD';
  if (headers['cache-control'] !== undefined) return decideDirectives(isHead, headers);
  const wantsFresh = headers.pragma !== undefined && headerList(headers, 'pragma').includes('no-cache');
  if (wantsFresh) return isHead ? BYPASS : REFRESH;
  return isHead ? PEEK : LOOKUP;
}

function decideDirectives(isHead: boolean, headers: Headers): RequestDecision {
  const directives = cacheControl(headers);
  const onlyIfCached = directives.has('only-if-cached');
  if (directives.has('no-store') && !onlyIfCached) return BYPASS;
  if (directives.has('no-cache')) return { ...(isHead ? BYPASS : REFRESH), onlyIfCached };
  return {
    use: isHead || directives.has('no-store') ? 'peek' : 'lookup',
    maxAgeSeconds: deltaSeconds(directives, 'max-age') ?? Infinity,
    minFreshSeconds: deltaSeconds(directives, 'min-fresh') ?? 0,
    onlyIfCached,
  };
}

function hasContent(headers: Headers): boolean {
  const length = headers['content-length'];
  return (length !== undefined && Number(length) > 0) || headers['transfer-encoding'] !== undefined;
}
