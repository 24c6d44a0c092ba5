import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { acceptedCodings, type ContentCoding, isCompressible, MIN_ENCODED_BYTES } from '../../http/content-coding.js';
import type { StoredResponse } from '../../http/stored-response.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import { messageOf, warnOnce } from '../warn-once.js';
import { exactBytes } from './body-bytes.js';

/** A coded body must save this share, or the client's work is not worth it. */
const MIN_SAVING = 0.1;
/** Within a few per cent of the best that brotli does, in a tenth of the time. */
const BROTLI_QUALITY = 5;

const gzipOf = promisify(gzip);
const brotliOf = promisify(brotliCompress);

/** What was begun for a response; once is enough, also where the cache had no room for the result. */
const begun = new WeakMap<StoredResponse, Set<ContentCoding>>();

/**
 * Makes the body of `stored` in the coding that a client likes best, off the event loop, and puts it beside the plain
 * one, counted in the budget. This client gets the plain one: nobody waits for a compressor.
 */
export function keepCodingFor(
  acceptEncoding: string | undefined,
  encodings: readonly ContentCoding[],
  cache: EnhancedCacheService,
  key: string,
  stored: StoredResponse,
): void {
  if (encodings.length === 0 || acceptEncoding === undefined || !isWorthCoding(stored)) return;
  const coding = acceptedCodings(acceptEncoding).find((each) => encodings.includes(each));
  if (coding === undefined || stored.codings[coding] !== undefined) return;
  const started = begun.get(stored) ?? new Set();
  if (started.has(coding)) return;
  begun.set(stored, started.add(coding));
  void code(stored.body as Buffer | string, coding).then(
    (body) => cache.exchange(key, stored, stored.withCoding(coding, body)),
    (error: unknown) => warnOnce(`a response could not be compressed: ${messageOf(error)}`),
  );
}

function isWorthCoding({ body, headers }: StoredResponse): boolean {
  if (body === undefined || body.length < MIN_ENCODED_BYTES) return false;
  const type = headers.find(([name]) => name === 'content-type')?.[1];
  return isCompressible(String(type)) && !headers.some(([name]) => name === 'content-encoding');
}

async function code(body: Buffer | string, coding: ContentCoding): Promise<Buffer | null> {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
  };
  const coded = await (coding === 'br' ? brotliOf(body, { params }) : gzipOf(body));
  return coded.byteLength <= body.length * (1 - MIN_SAVING) ? exactBytes(coded) : null;
}
