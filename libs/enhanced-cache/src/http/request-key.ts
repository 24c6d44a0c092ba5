import { boundedKey, digest } from '../engine/loading/bounded-key.js';
import { type Headers, headerText } from './headers.js';

/**
 * The default key of a request: the handler, the path as routed, and the query in canonical order. The method is left
 * out, as HEAD is answered from GET; so is the host, except where the controller is bound to one.
 *
 * Longer ones are hashed, see {@link boundedKey}.
 *
 * @param parameters names of the query parameters that count; `undefined`: all of them.
 */
export function requestKey(
  handler: string,
  url: string,
  hosts: Readonly<Record<string, string>> | undefined,
  parameters: ReadonlySet<string> | undefined = undefined,
): string {
  const host = hosts ? `//${new URLSearchParams(hosts).toString()}` : '';
  const isBare = !url.includes('?') && !url.includes('#');
  return `http:${handler}:${boundedKey(host + (isBare ? url : canonicalUrl(url, parameters)))}`;
}

function canonicalUrl(url: string, parameters: ReadonlySet<string> | undefined): string {
  const [path, query = ''] = splitOnce(url.split('#')[0], '?');
  return path + canonicalQuery(query, parameters);
}

/**
 * Parameters decoded, sorted by name and encoded again, so that order and spelling (`+`, `%20`) do not matter. Values of
 * one name keep their order, which means something. What is not valid percent-encoding stays as it is.
 */
function canonicalQuery(query: string, parameters: ReadonlySet<string> | undefined): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => splitOnce(pair, '=').map(canonical))
    .filter(([name]) => parameters === undefined || parameters.has(name));
  pairs.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return pairs.length === 0 ? '' : `?${pairs.map(([name, value = '']) => `${name}=${value}`).join('&')}`;
}

function canonical(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text.replaceAll('+', ' ')));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

/**
 * The key of one variant of what `base` names: by request headers, and by who asks.
 *
 * A `|` in `base` is doubled, the one before a variant stands alone: no path and no argument can spell the key of
 * another one's variant.
 */
export function variantKey(
  base: string,
  headers: Headers,
  vary: readonly string[],
  identity: string | undefined,
): string {
  if (vary.length === 0 && identity === undefined) return base.includes('|') ? base.replaceAll('|', '||') : base;
  const varied = vary.map((name) => `|${name}=${encodeURIComponent(headerText(headers, name) ?? '\n')}`).join('');
  const variants = varied.length > MAX_VARIED_LENGTH ? `|vary=${digest(varied)}` : varied;
  return `${base.replaceAll('|', '||')}${variants}${identity === undefined ? '' : `|${identity}`}`;
}

const MAX_VARIED_LENGTH = 200;

/** The tag that all variants of an explicit key carry, by which an eviction of the key reaches them. */
export function variantTag(key: string): string {
  return `enhanced-cache:variants:${boundedKey(key)}`;
}
