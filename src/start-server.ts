import { type INestApplication, Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from './app.config.js';
import { AppModule } from './app.module.js';
import { ConfigurationError } from './config/env-reader.js';
import { serveOpenApi } from './openapi.js';

const LOGGED: LogLevel[] = ['fatal', 'error', 'warn'];

/**
 * Until the server listens, log lines wait: what fails before is thrown to the caller, who says it once and in his own
 * words.
 */
const QUIET_START = { abortOnError: false, bufferLogs: true, autoFlushLogs: false } as const;

/**
 * The whole server, listening. Nothing in here looks at the environment.
 *
 * Rejects with a {@link ConfigurationError} where it cannot listen as told, with an `InvalidOptionsError` where options of
 * the cache do not fit together, otherwise with what a module threw; nothing is left open then.
 */
export async function startServer(config: AppConfig, logged = LOGGED): Promise<INestApplication> {
  const app = await (config.adapter === 'fastify' ? createOnFastify(config, logged) : createOnExpress(config, logged));
  try {
    serveOpenApi(app);
    await app.listen(config.port, config.host);
  } catch (error) {
    await app.close();
    throw explainListenFailure(error, config);
  }
  Logger.flush();
  return app;
}

async function createOnExpress(config: AppConfig, logger: LogLevel[]): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.from(config), { ...QUIET_START, logger });
  app.disable('x-powered-by');
  app.useBodyParser('json', { limit: config.bodyLimitBytes });
  return app;
}

/** Loaded only when asked for: the default server does without Fastify. */
async function createOnFastify(config: AppConfig, logger: LogLevel[]): Promise<INestApplication> {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  const adapter = new FastifyAdapter({ bodyLimit: config.bodyLimitBytes });
  return NestFactory.create(AppModule.from(config), adapter, { ...QUIET_START, logger });
}

function explainListenFailure(error: unknown, { port, host }: AppConfig): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new ConfigurationError('PORT', `${port} on ${host} is taken; give another one, or 0 for any that is free`);
    case 'EACCES':
      return new ConfigurationError('PORT', `this user may not listen on ${port}; give one from 1024 up`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ConfigurationError('HOST', `${host} is no address of this machine`);
    default:
      return error;
  }
}
