import type { INestApplication, LoggerService, ModuleMetadata } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import request from 'supertest';

export type PlatformName = 'express' | 'fastify';

/** For `describe.each`: HTTP behaviour is the same on both. */
export const PLATFORMS: readonly PlatformName[] = ['express', 'fastify'];

/** For modules whose boot is meant to fail or to warn. */
export const SILENT_LOGGER: LoggerService = { log: () => {}, warn: () => {}, error: () => {} };

/** An app that takes requests, without a port of its own. */
export interface TestApp {
  readonly app: INestApplication;
  /** Starts a supertest request. */
  http(): ReturnType<typeof request>;
  close(): Promise<void>;
}

export interface TestAppOptions {
  /** Overrides of providers, before the module is compiled. */
  override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
  /** What `main.ts` would do before the app starts: pipes, interceptors, prefixes. */
  configure?: (app: INestApplication) => void;
}

/** Boots a small app of `metadata` on one platform. */
export async function startApp(
  platform: PlatformName,
  metadata: ModuleMetadata,
  { override = (builder) => builder, configure }: TestAppOptions = {},
): Promise<TestApp> {
  const module = await override(Test.createTestingModule(metadata)).compile();
  const app =
    platform === 'fastify'
      ? module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false })
      : module.createNestApplication({ logger: false });
  configure?.(app);
  // Listening once spares supertest a port for each request, and concurrent requests their race for it.
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { app, http: () => request(url), close: () => app.close() };
}
