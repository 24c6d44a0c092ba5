/**
 * One kind of server in a process of its own: `node servers.mjs <kind>`. It tells its parent its address, and at each
 * message the CPU time that it has taken so far.
 */
import 'reflect-metadata';
import { createServer } from 'node:http';
import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Header, Module, Param, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Cacheable, EnhancedCacheModule } from 'nestjs-enhanced-cache/lean';
import { payload } from '../support/payloads.mjs';

export const SIZES = { '2 KB': 2048, '50 KB': 50 * 1024 };

/** Every size has so many bodies, each at a URL of its own: the path of the size, and a number from 0. */
export const BODIES = 100;

const bodies = Object.fromEntries(
  Object.entries(SIZES).map(([name, bytes]) => [
    pathOf(name),
    Array.from({ length: BODIES }, (_, i) => payload(bytes, i)),
  ]),
);
const texts = Object.fromEntries(
  Object.entries(bodies).map(([path, each]) => [path, each.map((body) => JSON.stringify(body))]),
);

/** `'2 KB'` to the path under which a server answers with bodies of that size. */
export function pathOf(size) {
  return size.replace(' ', '').toLowerCase();
}

/** What stands on the handlers of each kind, and what they return. */
const KINDS = {
  cached: { decorators: () => [Cacheable({ ttl: '1h', shared: true })], from: bodies },
  front: { decorators: () => [Cacheable({ ttl: '1h', shared: true, front: true })], from: bodies },
  stock: { decorators: () => [UseInterceptors(CacheInterceptor)], from: bodies },
  object: { decorators: () => [], from: bodies },
  string: { decorators: () => [Header('Content-Type', 'application/json')], from: texts },
};
const MODULES = {
  cached: () => [EnhancedCacheModule.forRoot()],
  front: () => [EnhancedCacheModule.forRoot()],
  stock: () => [CacheModule.register({ isGlobal: true, ttl: 3_600_000 })],
  object: () => [],
  string: () => [],
};

if (process.send) {
  const [platform, kind] = process.argv[2].split('/');
  const url = platform === 'node' ? await startRaw() : await startNest(platform, kind);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpuUs: user + system });
  });
  process.on('disconnect', () => process.exit());
  process.send({ url });
}

async function startNest(platform, kind) {
  const { decorators, from } = KINDS[kind];
  class BodyController {}
  for (const path of Object.keys(bodies)) {
    BodyController.prototype[path] = async (id) => from[path][id];
    Param('id')(BodyController.prototype, path, 0);
    const descriptor = Object.getOwnPropertyDescriptor(BodyController.prototype, path);
    for (const decorate of [...decorators(), Get(`${path}/:id`)]) decorate(BodyController.prototype, path, descriptor);
    Object.defineProperty(BodyController.prototype, path, descriptor);
  }
  Controller()(BodyController);
  class BodyModule {}
  Module({ imports: MODULES[kind](), controllers: [BodyController] })(BodyModule);
  const adapter = platform === 'fastify' ? [new FastifyAdapter()] : [];
  const app = await NestFactory.create(BodyModule, ...adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

/** The least that a Node.js server can do. */
async function startRaw() {
  const buffers = new Map(
    Object.entries(texts).flatMap(([path, each]) => each.map((text, i) => [`/${path}/${i}`, Buffer.from(text)])),
  );
  const server = createServer((request, response) => {
    const body = buffers.get(request.url);
    const head = ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(body.byteLength)];
    response.writeHead(200, head);
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}
