import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { headerText } from '../../http/headers.js';
import { bytesOfText, exactBytes } from './body-bytes.js';
import type { HttpPlatform, PlatformResponse } from './http-platform.js';
import { mergedVary } from './merged-vary.js';
import { ALREADY_SENT, type ReadyResponse } from './ready-response.js';

interface FastifyReply extends PlatformResponse {
  readonly raw: ServerResponse;
  readonly request: object;
  hijack(): unknown;
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

  emit(response, ready) {
    const reply = asFastify(response);
    if (!hasSendHooks(reply)) {
      sendRaw(reply, ready);
      return ALREADY_SENT;
    }
    // A text goes its way without being looked at; for an object Nest asks what kind of stream it may be.
    if (typeof ready.body !== 'string' || ready.status === 204) return ready;
    putHead(reply, ready);
    return ready.body;
  },

  send(response, ready) {
    const reply = asFastify(response);
    if (!hasSendHooks(reply)) {
      sendRaw(reply, ready);
      return;
    }
    putHead(reply, ready);
    if (ready.body === undefined && (ready.status === 204 || ready.status === 304)) reply.removeHeader('content-type');
    reply.send(ready.body);
  },

  restore(response, before, status) {
    const reply = asFastify(response);
    for (const name of Object.keys(reply.getHeaders())) if (before[name] === undefined) reply.removeHeader(name);
    for (const [name, value] of Object.entries(before)) reply.header(name, value);
    reply.code(status);
  },

  raw: (response) => asFastify(response).raw,
};

function sendRaw(reply: FastifyReply, { status, fields, outcome, age, vary, body }: ReadyResponse): void {
  const head = reply.getHeaders() as Record<string, string | number | readonly string[]>;
  for (const [name, value] of fields) head[name] = value;
  head['x-cache'] = outcome;
  if (age !== undefined) head['age'] = String(age);
  if (vary.length > 0) head['vary'] = mergedVary(head['vary'], vary);
  if (body !== undefined) head['content-length'] = body.length;
  else if (status === 204 || status === 304) delete head['content-type'];
  else head['content-length'] = 0;
  // First, as it refuses what cannot be a head: then Fastify still has the reply, and says 500.
  reply.raw.writeHead(status, head as OutgoingHttpHeaders);
  reply.hijack();
  if (typeof body === 'string') reply.raw.end(body, 'latin1');
  else reply.raw.end(body);
}

/** Under which Fastify keeps what it knows of a route; `null` where this version keeps it elsewhere. */
let routeContext: symbol | null | undefined;

/** Whether hooks want to see what is sent, of which Fastify says nothing in public. */
function hasSendHooks({ request }: FastifyReply): boolean {
  routeContext ??=
    Object.getOwnPropertySymbols(request).find(({ description }) => description === 'fastify.context') ?? null;
  const context = routeContext && (Reflect.get(request, routeContext) as { readonly onSend?: unknown } | undefined);
  return !context || context.onSend !== null;
}

function putHead(reply: FastifyReply, { status, fields, outcome, age, vary }: ReadyResponse): void {
  reply.code(status);
  for (const [name, value] of fields) reply.header(name, value);
  reply.header('x-cache', outcome);
  if (age !== undefined) reply.header('age', String(age));
  if (vary.length > 0) reply.header('vary', mergedVary(reply.getHeader('vary'), vary));
}

function asFastify(response: PlatformResponse): FastifyReply {
  return response as FastifyReply;
}

function withCharset(type: string): string {
  return /;\s*charset\s*=/i.test(type) ? type : `${type}; charset=utf-8`;
}
