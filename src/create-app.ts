import type { INestApplication, LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AppConfig } from './app.config.js';
import { AppModule } from './app.module.js';
import { serveOpenApi } from './openapi.js';

export interface CreateAppOptions {
  /** @default warnings and errors */
  logger?: LogLevel[];
}

/**
 * The whole server, ready to listen; nothing in it looks at the environment.
 *
 * Rejects with what a module threw at its start; nothing is left open then.
 */
export async function createApp(config: AppConfig, options: CreateAppOptions = {}): Promise<INestApplication> {
  const app = await (config.adapter === 'fastify' ? createOnFastify : createOnExpress)(config, {
    abortOnError: false,
    logger: options.logger ?? ['fatal', 'error', 'warn'],
  });
  serveOpenApi(app);
  return app;
}

interface FactoryOptions {
  abortOnError: false;
  logger: LogLevel[];
}

async function createOnExpress(config: AppConfig, options: FactoryOptions): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.from(config), options);
  app.disable('x-powered-by');
  app.useBodyParser('json', { limit: config.bodyLimitBytes });
  return app;
}

/** Loaded only when asked for: the default server does without Fastify. */
async function createOnFastify(config: AppConfig, options: FactoryOptions): Promise<INestApplication> {
  const { FastifyAdapter } = await import('@nestjs/platform-fastify');
  return NestFactory.create(AppModule.from(config), new FastifyAdapter({ bodyLimit: config.bodyLimitBytes }), options);
}
