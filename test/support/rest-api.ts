import { request as rawRequest } from 'node:http';
import type { ModuleMetadata } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { EnhancedCacheModule, type EnhancedCacheModuleOptions, EnhancedCacheService } from 'nestjs-enhanced-cache';
import { type PlatformName, startApp, type TestApp, type TestAppOptions } from './platforms.js';

export const API = '/api/v1/enhanced-cache';
export const SECRET = 'a secret of the tests, 32 bytes or more';

export type Scope = 'cache:read' | 'cache:write' | 'cache:admin';

/** A token with `scope`, valid for a minute unless `claims` or `options` say otherwise. */
export function token(scope: string, claims: object = {}, options: jwt.SignOptions = {}, secret = SECRET): string {
  const exp = Math.floor(Date.now() / 1000) + 60;
  return jwt.sign({ sub: 'tester', scope, exp, ...claims }, secret, { algorithm: 'HS256', ...options });
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** The parsed text. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into it as they please
  readonly body: any;
}

export interface Call {
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** `null`: no Authorization header. @default a token with every scope */
  readonly token?: string | null;
  /** Sent instead of `body`, as it is. */
  readonly raw?: string | Buffer;
}

export interface RestApp extends TestApp {
  readonly cache: EnhancedCacheService;
  /** Sends the path to the byte as it is given, which URL-based clients do not. */
  call(method: string, path: string, call?: Call): Promise<Answer>;
}

export async function startRestApp(
  platform: PlatformName,
  options: EnhancedCacheModuleOptions = { controller: { auth: { secret: SECRET } } },
  appOptions: TestAppOptions = {},
): Promise<RestApp> {
  return startRestModule(platform, { imports: [EnhancedCacheModule.forRoot(options)] }, appOptions);
}

export async function startRestModule(
  platform: PlatformName,
  metadata: ModuleMetadata,
  appOptions: TestAppOptions = {},
): Promise<RestApp> {
  const started = await startApp(platform, metadata, appOptions);
  const port = Number(new URL(await started.app.getUrl()).port);
  return {
    ...started,
    cache: started.app.get(EnhancedCacheService),
    call: (method, path, call = {}) => send(port, method, path, call),
  };
}

function send(port: number, method: string, path: string, call: Call): Promise<Answer> {
  const bearer = call.token === undefined ? token('cache:admin') : call.token;
  const payload = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  const headers: Record<string, string> = {
    connection: 'close',
    ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
    ...(payload !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(payload)),
    }),
    ...call.headers,
  };
  return new Promise((resolve, reject) => {
    const request = rawRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed(text) });
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
