import type { ServerResponse } from 'node:http';
import type { HttpServer } from '@nestjs/common';
import type { Headers } from '../../http/headers.js';
import { expressPlatform } from './express-platform.js';
import { fastifyPlatform } from './fastify-platform.js';
import { ALREADY_SENT, ReadyResponse } from './ready-response.js';

/** What Express and Fastify responses have in common. */
export interface PlatformResponse {
  statusCode: number;
  getHeaders(): Headers;
  getHeader(name: string): unknown;
}

/** A body as Nest would send it on one platform. */
export interface SerializedBody {
  /** `undefined`: nothing is sent. */
  readonly bytes: Buffer | undefined;
  /** `Content-Type`; `undefined` where the platform sends none. */
  readonly type: string | undefined;
}

/** What differs between the platforms that Nest runs on. */
export interface HttpPlatform {
  /**
   * What Nest would send for `body`, byte for byte; `undefined` where it would fail.
   *
   * @throws what the serializer throws.
   */
  serialize(response: PlatformResponse, body: unknown): SerializedBody | undefined;
  /** What an interceptor hands on to have `ready` sent: that itself, or what Nest sends sooner to the same effect. */
  emit(response: PlatformResponse, ready: ReadyResponse): unknown;
  send(response: PlatformResponse, ready: ReadyResponse): void;
  /** Takes off everything that was set since the headers were `before`, also where the response was sent meanwhile. */
  restore(response: PlatformResponse, before: Headers, status: number): void;
  raw(response: PlatformResponse): ServerResponse;
}

const PLATFORMS: Readonly<Record<string, HttpPlatform>> = { express: expressPlatform, fastify: fastifyPlatform };
const taught = new WeakSet<HttpServer>();

/** The platform of `adapter`; `undefined` for one that this package does not know. */
export function platformOf(adapter: HttpServer): HttpPlatform | undefined {
  const platform = PLATFORMS[adapter.getType()];
  if (platform && !taught.has(adapter)) teach(adapter, platform);
  return platform;
}

/** From here on `adapter` sends a {@link ReadyResponse} as it is; everything else it replies as before. */
function teach(adapter: HttpServer, platform: HttpPlatform): void {
  taught.add(adapter);
  const reply = adapter.reply.bind(adapter) as (...args: unknown[]) => unknown;
  adapter.reply = (response: PlatformResponse, body: unknown, ...rest: unknown[]): unknown => {
    if (body instanceof ReadyResponse) return platform.send(response, body);
    return body === ALREADY_SENT && platform.raw(response).headersSent ? undefined : reply(response, body, ...rest);
  };
}
