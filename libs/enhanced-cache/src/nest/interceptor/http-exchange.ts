import type { HttpServer } from '@nestjs/common';
import type { Headers } from '../../http/headers.js';
import type { HttpPlatform, PlatformResponse, SerializedBody } from './http-platform.js';

/** What Express and Fastify requests have in common. */
export interface PlatformRequest {
  readonly method: string;
  /** Path and query as the client wrote them. */
  readonly originalUrl: string;
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

/** One request and its response, the same on Express and Fastify. */
export class HttpExchange {
  /** Whether the response was answered while the handler goes on behind it. */
  #isDetached = false;

  constructor(
    private readonly adapter: HttpServer,
    private readonly platform: HttpPlatform,
    readonly request: PlatformRequest,
    private readonly response: PlatformResponse,
  ) {}

  get status(): number {
    return this.response.statusCode;
  }

  /** Whether the head of the response is on its way, so that nothing can be added. */
  get isSent(): boolean {
    return !this.#isDetached && Boolean(this.adapter.isHeadersSent(this.response));
  }

  /** A copy: what is set afterwards does not change it. */
  get responseHeaders(): Headers {
    return { ...this.response.getHeaders() };
  }

  setHeader(name: string, value: string): void {
    this.adapter.setHeader(this.response, name, value);
  }

  /** See {@link HttpPlatform.serialize}. */
  serialize(body: unknown): SerializedBody | undefined {
    return this.platform.serialize(this.response, body);
  }

  /** Puts the response back to what it was before a handler wrote to it. */
  restore(before: Headers, status: number): void {
    this.platform.restore(this.response, before, status);
  }

  /**
   * Waits until the client has its answer or is gone; from then on what the handler writes to the response is seen here
   * and by nobody else.
   */
  async detached(before: Headers, status: number): Promise<void> {
    const raw = this.platform.raw(this.response);
    if (!raw.writableFinished && !raw.destroyed) {
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          raw.off('finish', settle).off('close', settle);
          resolve();
        };
        raw.on('finish', settle).on('close', settle);
      });
    }
    this.restore(before, status);
    this.#isDetached = true;
  }
}
