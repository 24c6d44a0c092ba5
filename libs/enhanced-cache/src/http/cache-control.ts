import { type Headers, headerText } from './headers.js';

/** RFC 9111 section 1.2.2: what a larger number of seconds counts as. */
const MAX_DELTA_SECONDS = 2 ** 31;
/** A directive, and its argument as a token or a quoted string (RFC 9111 section 5.2). */
const DIRECTIVE = /([^\s,="]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/g;
const NONE: CacheControl = new Map();

/** Directives by lower-case name, each with its argument; the empty text where it has none. */
export type CacheControl = ReadonlyMap<string, string>;

/** What `Cache-Control` says. Of several directives of one name the first counts (RFC 9111 section 4.2.1). */
export function cacheControl(headers: Headers): CacheControl {
  const text = headerText(headers, 'cache-control');
  if (text === undefined) return NONE;
  const directives = new Map<string, string>();
  for (const [, name, quoted, token] of text.matchAll(DIRECTIVE)) {
    const key = name.toLowerCase();
    if (!directives.has(key)) directives.set(key, quoted ?? token ?? '');
  }
  return directives;
}

/**
 * The argument of a directive as seconds; `undefined` where the directive is absent. What is no number counts as 0: such
 * a response is stale (RFC 9111 section 4.2.1), such a request asks for one that was just made.
 */
export function deltaSeconds(directives: CacheControl, name: string): number | undefined {
  const argument = directives.get(name);
  if (argument === undefined) return undefined;
  return /^\d+$/.test(argument) ? Math.min(Number(argument), MAX_DELTA_SECONDS) : 0;
}

/** What clients and CDNs are to be told of a response; seconds, `undefined` where nothing is said. */
export interface ClientLifetimes {
  /** Whether shared caches may keep it. */
  readonly shared: boolean;
  readonly browserSeconds: number | undefined;
  readonly sharedSeconds: number | undefined;
  readonly staleWhileRevalidateSeconds: number | undefined;
  readonly staleIfErrorSeconds: number | undefined;
}

/**
 * A `Cache-Control` for clients and CDNs; `undefined` where there is nothing to say.
 *
 * - RFC 9111 section 5.2.2.7: what belongs to one user is `private`, and no shared cache has a lifetime for it.
 * - RFC 9111 section 5.2.2.10: `s-maxage` is the lifetime in shared caches alone, `max-age` that of all others.
 * - RFC 5861: for how long a stale response may be used while it is renewed, and where the origin fails.
 */
export function clientCacheControl(lifetimes: ClientLifetimes): string | undefined {
  const { shared, browserSeconds, sharedSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds } = lifetimes;
  if (browserSeconds === undefined && sharedSeconds === undefined) return undefined;
  const numbers = {
    'max-age': browserSeconds ?? 0,
    's-maxage': shared ? sharedSeconds : undefined,
    'stale-while-revalidate': staleWhileRevalidateSeconds,
    'stale-if-error': staleIfErrorSeconds,
  };
  const directives = Object.entries(numbers)
    .filter(([, seconds]) => seconds !== undefined)
    .map(([name, seconds]) => `${name}=${Math.floor(seconds as number)}`);
  return [shared ? 'public' : 'private', ...directives].join(', ');
}
