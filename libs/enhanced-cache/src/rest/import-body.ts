import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { BadRequestException, PayloadTooLargeException, UnsupportedMediaTypeException } from '@nestjs/common';

export const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json';

/** A request on Express (a stream itself) or on Fastify (with the stream in `raw`). */
export interface ImportRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body?: unknown;
  readonly raw?: unknown;
}

/**
 * What an import reads of a request: the parsed JSON document, or the NDJSON bytes as they arrive, whether the app's
 * body parser left them unread or handed on the stream, its text or its bytes.
 *
 * @throws {UnsupportedMediaTypeException} for a body of another type, or a compressed one.
 * @throws {PayloadTooLargeException} at once where the length that was announced is above `limitBytes`; otherwise the
 *   stream throws it when it is passed.
 */
export function importBody(request: ImportRequest, limitBytes: number): unknown {
  const type = mediaType(request.headers['content-type']);
  if (type === JSON_TYPE) return request.body;
  if (type !== NDJSON) {
    throw new UnsupportedMediaTypeException(
      `content-type: expected ${JSON_TYPE} or ${NDJSON}, received ${type || 'none'}`,
    );
  }
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw new UnsupportedMediaTypeException(`content-encoding: expected none for ${NDJSON}, received ${encoding}`);
  }
  if (Number(request.headers['content-length']) > limitBytes) throw tooLarge(limitBytes);
  const { body } = request;
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  const stream = [body, request.raw, request].find((each) => each instanceof Readable);
  if (!stream) throw new BadRequestException('body: expected the lines of an export, received none');
  return bounded(stream, limitBytes);
}

async function* bounded(stream: Readable, limitBytes: number): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    // Not destroyed where the import stops early: that would cut the connection before the answer is out.
    for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
      received += (chunk as Uint8Array).length;
      if (received > limitBytes) throw tooLarge(limitBytes);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (stream.errored) throw new BadRequestException('body: the request ended before its body did', { cause: error });
    throw error;
  } finally {
    // The client sends the rest before it looks for the answer, and the next request comes after it.
    stream.resume();
  }
}

function tooLarge(limitBytes: number): PayloadTooLargeException {
  return new PayloadTooLargeException(
    `body: expected at most ${limitBytes} bytes (controller.importLimitMb); what came before may have been imported`,
  );
}

function mediaType(contentType = ''): string {
  return contentType.split(';')[0].trim().toLowerCase();
}
