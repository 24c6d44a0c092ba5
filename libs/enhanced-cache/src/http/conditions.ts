import { noneMatchNames } from './entity-tag.js';
import { type Headers, headerText } from './headers.js';

/**
 * Whether the client's copy of the response still holds, so that the answer to its GET or HEAD is 304 (Not Modified).
 *
 * - RFC 9110 section 13.2.2: `If-None-Match` is asked first, and where it stands `If-Modified-Since` is not.
 * - RFC 9110 section 13.1.3: dates that are no HTTP dates count as absent.
 *
 * @param etags entity tags of all forms in which the response may have been sent.
 */
export function isNotModified(headers: Headers, etags: Iterable<string>, lastModified: string | undefined): boolean {
  const noneMatch = headerText(headers, 'if-none-match');
  if (noneMatch !== undefined) {
    for (const etag of etags) if (noneMatchNames(noneMatch, etag)) return true;
    return false;
  }
  const since = headerText(headers, 'if-modified-since');
  if (since === undefined || lastModified === undefined) return false;
  return Date.parse(lastModified) <= Date.parse(since);
}
