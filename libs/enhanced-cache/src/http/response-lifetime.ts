import { cacheControl, deltaSeconds } from './cache-control.js';
import { type Headers, headerText } from './headers.js';

/** What a response says of its own lifetimes, in seconds; `undefined` where it says nothing. */
export interface ResponseLifetime {
  readonly freshSeconds: number | undefined;
  readonly staleWhileRevalidateSeconds: number | undefined;
  readonly staleIfErrorSeconds: number | undefined;
}

/**
 * The lifetimes that a handler gives its response, which go before those of the decorator.
 *
 * - RFC 9111 section 4.2.1: `s-maxage` before `max-age` before `Expires` less `Date`. This cache is shared by all
 *   callers of the handler, so `s-maxage` is meant for it.
 * - RFC 9111 sections 5.2.2.2 and 5.2.2.8: `must-revalidate` and `proxy-revalidate` forbid to use it stale.
 * - RFC 5861 sections 3 and 4: `stale-while-revalidate`, `stale-if-error`.
 *
 * @param nowMs wall-clock milliseconds, the `Date` of a response that is made now.
 */
export function responseLifetime(headers: Headers, nowMs: number): ResponseLifetime {
  const directives = cacheControl(headers);
  const never = directives.has('must-revalidate') || directives.has('proxy-revalidate') ? 0 : undefined;
  return {
    freshSeconds:
      deltaSeconds(directives, 's-maxage') ?? deltaSeconds(directives, 'max-age') ?? expiresIn(headers, nowMs),
    staleWhileRevalidateSeconds: never ?? deltaSeconds(directives, 'stale-while-revalidate'),
    staleIfErrorSeconds: never ?? deltaSeconds(directives, 'stale-if-error'),
  };
}

/** RFC 9111 section 5.3: an invalid date, 0 above all, lies in the past. */
function expiresIn(headers: Headers, nowMs: number): number | undefined {
  const expires = headerText(headers, 'expires');
  if (expires === undefined) return undefined;
  const atMs = Date.parse(expires);
  return Number.isNaN(atMs) || !expires.endsWith('GMT') ? 0 : Math.max(0, (atMs - nowMs) / 1000);
}
