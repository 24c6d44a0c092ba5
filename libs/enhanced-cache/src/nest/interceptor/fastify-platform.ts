import type { ServerResponse } from 'node:http';
import { headerText } from '../../http/headers.js';
import { bytesOfText, exactBytes } from './body-bytes.js';
import type { HttpPlatform, PlatformResponse } from './http-platform.js';
import { mergedVary } from './merged-vary.js';

interface FastifyReply extends PlatformResponse {
  readonly raw: ServerResponse;
  code(status: number): unknown;
  header(name: string, value: unknown): unknown;
  removeHeader(name: string): unknown;
  serialize(payload: unknown): unknown;
  send(payload?: unknown): unknown;
}

/** Serializes as Fastify's `reply.send()` does; hooks for `onSend` run on what is sent, those for `preSerialization` do not. */
export const fastifyPlatform: HttpPlatform = {
  serialize(response, body) {
    const type = headerText(response.getHeaders(), 'content-type');
    if (body === undefined) return { bytes: undefined, type };
    if (ArrayBuffer.isView(body)) return { bytes: exactBytes(body), type: type ?? 'application/octet-stream' };
    const isJson = type === undefined || /^[^;]*json/i.test(type);
    if (typeof body === 'string') {
      const textType = type === undefined ? 'text/plain; charset=utf-8' : isJson ? withCharset(type) : type;
      return { bytes: bytesOfText(body), type: textType };
    }
    // Fastify refuses to send an object as something else.
    if (!isJson) return undefined;
    const text = asFastify(response).serialize(body);
    if (typeof text !== 'string') return undefined;
    return { bytes: bytesOfText(text), type: withCharset(type ?? 'application/json') };
  },

  send(response, { status, fields, vary, body }) {
    const reply = asFastify(response);
    reply.code(status);
    for (const [name, value] of fields) reply.header(name, value);
    if (vary.length > 0) reply.header('vary', mergedVary(reply.getHeader('vary'), vary));
    if (!body && (status === 204 || status === 304)) reply.removeHeader('content-type');
    reply.send(body);
  },

  restore(response, before, status) {
    const reply = asFastify(response);
    for (const name of Object.keys(reply.getHeaders())) if (before[name] === undefined) reply.removeHeader(name);
    for (const [name, value] of Object.entries(before)) reply.header(name, value);
    reply.code(status);
  },

  raw: (response) => asFastify(response).raw,
};

function asFastify(response: PlatformResponse): FastifyReply {
  return response as FastifyReply;
}

function withCharset(type: string): string {
  return /;\s*charset\s*=/i.test(type) ? type : `${type}; charset=utf-8`;
}
