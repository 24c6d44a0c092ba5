/** The caching interceptors of Nest, each in an app of its own on Express, asked over HTTP. */
import 'reflect-metadata';
import { setTimeout as delay } from 'node:timers/promises';
import { CacheInterceptor, CacheModule } from '@nestjs/cache-manager';
import { Controller, Get, Headers, Module, UseInterceptors } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cacheable, EnhancedCacheModule } from 'nestjs-enhanced-cache/lean';
import { judge } from './engine-probes.mjs';

const CONCURRENT_REQUESTS = 50;
const WORK_MS = 100;

export const interceptors = [
  {
    name: 'enhanced-cache',
    module: () => EnhancedCacheModule.forRoot(),
    cached: Cacheable({ ttl: '1m' }),
  },
  {
    name: '@nestjs/cache-manager',
    module: () => CacheModule.register({ isGlobal: true, ttl: 60_000 }),
    cached: UseInterceptors(CacheInterceptor),
  },
];

export const httpProbes = [
  {
    name: `${CONCURRENT_REQUESTS} concurrent cold GETs`,
    wanted: 'the handler runs once',
    async run(subject) {
      return withApp(subject, async (url, runs) => {
        await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, () => get(`${url}/slow`)));
        return judge(runs.slow === 1, `${runs.slow} handler run${runs.slow === 1 ? '' : 's'}`);
      });
    },
  },
  {
    name: 'two users, one URL',
    wanted: 'each sees their own data',
    async run(subject) {
      return withApp(subject, async (url) => {
        await get(`${url}/me`, 'alice');
        const seen = await get(`${url}/me`, 'bob');
        return judge(seen.includes('bob'), seen.includes('bob') ? 'kept apart' : "bob gets alice's response");
      });
    },
  },
  {
    name: 'a handler that returns null',
    wanted: 'the handler runs once for two requests',
    async run(subject) {
      return withApp(subject, async (url, runs) => {
        await get(`${url}/none`);
        await get(`${url}/none`);
        return judge(runs.none === 1, `${runs.none} handler run${runs.none === 1 ? '' : 's'}`);
      });
    },
  },
];

/** One app for one probe, so that nothing is cached before it. */
async function withApp({ module, cached }, probe) {
  const runs = { slow: 0, none: 0 };
  class ProbeController {
    async slow() {
      runs.slow++;
      await delay(WORK_MS);
      return { ok: true };
    }
    async me(authorization) {
      return { user: authorization };
    }
    async none() {
      runs.none++;
      return null;
    }
  }
  for (const path of ['slow', 'me', 'none']) decorate(ProbeController, path, [Get(path), cached]);
  Headers('authorization')(ProbeController.prototype, 'me', 0);
  Controller()(ProbeController);
  class ProbeModule {}
  Module({ imports: [module()], controllers: [ProbeController] })(ProbeModule);
  const app = await NestFactory.create(ProbeModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  try {
    return await probe(await app.getUrl(), runs);
  } finally {
    await app.close();
  }
}

/** What `@A() @B() method() {}` compiles to: the last decorator first. */
function decorate(type, name, decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, name);
  for (const decorator of decorators.toReversed()) decorator(type.prototype, name, descriptor);
  Object.defineProperty(type.prototype, name, descriptor);
}

async function get(url, user) {
  const response = await fetch(url, { headers: user ? { Authorization: `Bearer ${user}` } : {} });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
}
