import { type Duration, durationToMs } from '../../engine/duration.js';
import { InvalidOptionsError } from '../../engine/errors.js';
import { CONTENT_CODINGS, type ContentCoding } from '../../http/content-coding.js';
import { STORABLE_STATUSES, STORED_STATUSES } from '../../http/response-decision.js';

/** Headers by which CDNs are told the tags of a response, to purge it by them. */
export const TAG_HEADERS = ['Surrogate-Key', 'Cache-Tag'] as const;
export type TagHeader = (typeof TAG_HEADERS)[number];

/** What `@Cacheable` takes besides for handlers of HTTP; without meaning elsewhere. */
export interface HttpOptions {
  /**
   * Further statuses to store besides 200, 203 and 204: of 300, 301, 308, 404, 405, 410, 414 and 501. An exception with
   * such a status is thrown again on a hit, so that filters answer it as always; its lifetime is `negativeTtl`.
   * @default none
   */
  statuses?: readonly number[];
  /**
   * Which query parameters are part of the default key. Name them where the handler reads a few: others, which anybody
   * may make up, then find the same entry.
   * @default 'all'
   */
  query?: 'all' | readonly string[];
  /**
   * Most responses that this route keeps, of all its paths, queries and callers; the least recently used leaves first.
   * @default half of the cache's maxSize
   */
  maxVariants?: number;
  /**
   * Content codings in which bodies of 1 KB and more are kept besides, for clients that accept them. A response that holds
   * a secret and echoes input should not be compressed (BREACH), so what belongs to single users is not unless asked.
   * @default ['br', 'gzip'] with `shared: true`, otherwise none
   */
  encodings?: readonly ContentCoding[];
  /** `max-age` for clients, where the handler says no `Cache-Control` itself. @default not said */
  browserTtl?: Duration;
  /** `s-maxage` for CDNs, where the handler says no `Cache-Control` itself; only with `shared: true`. @default not said */
  sharedTtl?: Duration;
  /** The header in which a CDN is told the tags of the response. @default none */
  tagHeader?: TagHeader;
  /**
   * Whether hits may be answered before the framework, without middleware, guards and interceptors; only with
   * `shared: true`, for a handler without guards. See the guide before.
   * @default false
   */
  front?: boolean;
}

/** Judged {@link HttpOptions}. */
export interface HttpRule {
  readonly statuses: readonly number[];
  /** Percent-encoded names; `undefined`: all. */
  readonly query: ReadonlySet<string> | undefined;
  /** `undefined`: by the size of the cache. */
  readonly maxVariants: number | undefined;
  readonly encodings: readonly ContentCoding[];
  readonly browserSeconds: number | undefined;
  readonly sharedSeconds: number | undefined;
  readonly tagHeader: TagHeader | undefined;
  readonly front: boolean;
}

export const HTTP_NAMES = [
  'statuses',
  'query',
  'maxVariants',
  'encodings',
  'browserTtl',
  'sharedTtl',
  'tagHeader',
  'front',
] as const satisfies (keyof HttpOptions)[];

/** @throws {InvalidOptionsError} naming the option, the value and what is allowed. */
export function httpRule(options: HttpOptions, shared: boolean): HttpRule {
  const { statuses = [], query = 'all', maxVariants, browserTtl, sharedTtl, tagHeader, front = false } = options;
  const { encodings = shared ? CONTENT_CODINGS : [] } = options;
  assertListOf('statuses', statuses, STORABLE_STATUSES);
  assertListOf('encodings', encodings, CONTENT_CODINGS);
  if (query !== 'all' && !(Array.isArray(query) && query.every((name) => typeof name === 'string' && name !== ''))) {
    throw new InvalidOptionsError('query', `'all' or an array of names of query parameters`, query);
  }
  if (maxVariants !== undefined && !(Number.isInteger(maxVariants) && maxVariants >= 1)) {
    throw new InvalidOptionsError('maxVariants', 'an integer >= 1', maxVariants);
  }
  if (sharedTtl !== undefined && !shared) {
    throw new InvalidOptionsError('sharedTtl', 'shared: true beside it, as CDNs serve all alike', sharedTtl);
  }
  if (tagHeader !== undefined && !TAG_HEADERS.includes(tagHeader)) {
    throw new InvalidOptionsError('tagHeader', TAG_HEADERS.join(' or '), tagHeader);
  }
  if (typeof front !== 'boolean' || (front && !shared)) {
    throw new InvalidOptionsError('front', 'a boolean; true only with shared: true', front);
  }
  return {
    statuses: [...new Set([...STORED_STATUSES, ...statuses])],
    query: query === 'all' ? undefined : new Set((query as readonly string[]).map(encodeURIComponent)),
    maxVariants,
    encodings,
    browserSeconds: browserTtl === undefined ? undefined : durationToMs(browserTtl, 'browserTtl') / 1000,
    sharedSeconds: sharedTtl === undefined ? undefined : durationToMs(sharedTtl, 'sharedTtl') / 1000,
    tagHeader,
    front,
  };
}

function assertListOf(name: string, values: unknown, known: readonly unknown[]): void {
  if (Array.isArray(values) && values.every((value) => known.includes(value))) return;
  throw new InvalidOptionsError(name, `an array of ${known.join(', ')}`, values);
}
