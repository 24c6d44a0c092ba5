import type { INestApplication } from '@nestjs/common';
import jwt from 'jsonwebtoken';
import { type HttpAdapterName, loadConfig } from '../../src/app.config.js';
import { startServer } from '../../src/start-server.js';

const SECRET = 'the secret of the server under test, 32+';

export const HTTP_ADAPTERS: readonly HttpAdapterName[] = ['express', 'fastify'];

export interface RunningServer {
  readonly url: string;
  readonly app: INestApplication;
  token(scope: string): string;
}

/** The server as `npm start` runs it, in this process, on a free loopback port. The caller closes `app`. */
export async function startTestServer(
  adapter: HttpAdapterName,
  environment: Record<string, string> = {},
): Promise<RunningServer> {
  const settings = { PORT: '0', HOST: '127.0.0.1', HTTP_ADAPTER: adapter, JWT_SECRET: SECRET };
  const app = await startServer(loadConfig({ ...settings, ...environment }), []);
  return {
    url: await app.getUrl(),
    app,
    token: (scope) => jwt.sign({ sub: 'test', scope }, SECRET, { algorithm: 'HS256', expiresIn: '1m' }),
  };
}
