import type { HttpServer } from '@nestjs/common';
import type { Headers } from '../../http/headers.js';

/** What Express and Fastify requests have in common. */
export interface PlatformRequest {
  readonly headers: Headers;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: unknown;
  readonly body?: unknown;
  /** What a guard put here. */
  readonly user?: unknown;
  /** Values of the placeholders in a controller's host. */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly ip?: string;
}

/** What Express and Fastify responses have in common. */
export interface PlatformResponse {
  readonly statusCode: number;
  getHeaders(): Headers;
}

/** One request and its response, the same on Express and Fastify. */
export class HttpExchange {
  constructor(
    private readonly adapter: HttpServer,
    readonly request: PlatformRequest,
    private readonly response: PlatformResponse,
  ) {}

  get method(): string {
    return String(this.adapter.getRequestMethod?.(this.request));
  }

  /** Path and query as the client wrote them. */
  get url(): string {
    return String(this.adapter.getRequestUrl?.(this.request));
  }

  get status(): number {
    return this.response.statusCode;
  }

  set status(status: number) {
    this.adapter.status(this.response, status);
  }

  /** Whether the head of the response is on its way, so that nothing can be added. */
  get isSent(): boolean {
    return Boolean(this.adapter.isHeadersSent(this.response));
  }

  /** A copy: what is set afterwards does not change it. */
  get responseHeaders(): Headers {
    return { ...this.response.getHeaders() };
  }

  setHeader(name: string, value: string | readonly string[]): void {
    // The adapters hand lists on to Node.js, their type says text only.
    this.adapter.setHeader(this.response, name, value as string);
  }
}
