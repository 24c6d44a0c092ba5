import { type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache';
import { RedisServer } from '../scripts/support/redis-server.mjs';
import { loadConfig } from '../src/app.config.js';
import { startServer } from '../src/start-server.js';
import { PLATFORMS } from './support/platforms.js';
import { API, SECRET, startRestApp } from './support/rest-api.js';

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 5000;
  while (!(await isSo())) {
    if (Date.now() > giveUpAt) throw new Error('it did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const joined = (cache: EnhancedCacheService) => until(() => cache.getStats().tier?.state === 'joined');

describe('Nest apps that share a Redis', () => {
  let server: RedisServer;
  const apps: INestApplication[] = [];
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.close());
  afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

  async function start(module: object): Promise<EnhancedCacheService> {
    const testing = await Test.createTestingModule({ imports: [module as never] }).compile();
    const app = testing.createNestApplication({ logger: false });
    apps.push(await app.init());
    const cache = app.get(EnhancedCacheService);
    await joined(cache);
    return cache;
  }

  it('do so with forRoot and forRootAsync', async () => {
    const redis = { url: server.url, keyPrefix: 'shop', deadline: '5s' };
    const one = await start(EnhancedCacheModule.forRoot({ redis, controller: false }));
    const other = await start(
      EnhancedCacheModule.forRootAsync({ useFactory: async () => ({ redis, maxSize: 10 }), controller: false }),
    );
    await one.set('k', { n: 1 });
    expect(await other.get('k')).toEqual({ n: 1 });
    await other.delete('k');
    await until(() => one.getSync('k') === undefined);
    expect((await one.healthCheck()).checks.tier).toMatchObject({ status: 'healthy', kind: 'redis' });
  });

  it('keep named caches apart', async () => {
    const redis = { url: server.url, deadline: '5s' };
    @Module({
      imports: [
        EnhancedCacheModule.forRoot({ redis, controller: false }),
        EnhancedCacheModule.forFeature('prices', { redis }),
      ],
    })
    class AppModule {}
    const cache = await start(AppModule);
    await cache.set('k', 1);
    expect(await server.command('EXISTS', 'enhanced-cache:default|v|k')).toBe(':1');
    expect(await server.command('EXISTS', 'enhanced-cache:prices|v|k')).toBe(':0');
  });

  it.each(PLATFORMS)('tell over REST on %s whether the others know of an invalidation', async (platform) => {
    const own = await RedisServer.start();
    const redis = { url: own.url, keyPrefix: 'rest', deadline: '5s' };
    const rest = await startRestApp(platform, { redis, controller: { auth: { secret: SECRET } } });
    await joined(rest.cache);
    const answers = async (): Promise<unknown[]> => {
      const calls = [
        ['DELETE', '/delete/k'],
        ['DELETE', '/delete?key=k'],
        ['DELETE', '/delete-by-tags?tags=t'],
        ['POST', '/clear'],
      ];
      const found: unknown[] = [];
      for (const [verb, path] of calls) found.push((await rest.call(verb, `${API}${path}`)).body);
      return found;
    };
    const expected = (propagated: boolean) => [
      { key: 'k', deleted: true, propagated },
      { key: 'k', deleted: false, propagated },
      { tags: ['t'], deleted_count: 1, propagated },
      { cleared_count: 1, propagated },
    ];
    const fill = async (): Promise<void> => {
      await rest.cache.mset([
        { key: 'k', value: 1 },
        { key: 'tagged', value: 1, tags: ['t'] },
        { key: 'left', value: 1 },
      ]);
    };
    await fill();
    expect(await answers()).toEqual(expected(true));
    await own.kill();
    await until(() => rest.cache.getStats().tier?.state === 'away');
    await fill();
    expect(await answers()).toEqual(expected(false));
    await rest.close();
    await own.close();
  });

  it('do not start with options that cannot work', async () => {
    const bad = EnhancedCacheModule.forRoot({ redis: { url: 'http://user:secret@host' }, controller: false });
    await expect(Test.createTestingModule({ imports: [bad] }).compile()).rejects.toThrow(
      /^redis\.url: expected redis:\/\/host:port or rediss:\/\/host:port, received "\(not shown\)"$/,
    );
  });

  it('are what the server makes of REDIS_URL, and what its probe and figures say', async () => {
    const config = loadConfig({ PORT: '0', HOST: '127.0.0.1', REDIS_URL: server.url, REDIS_KEY_PREFIX: 'served' });
    const [one, other] = [await startServer(config, []), await startServer(config, [])];
    apps.push(one, other);
    await Promise.all([one, other].map((app) => joined(app.get(EnhancedCacheService))));
    await one.get(EnhancedCacheService).set('k', 'shared');
    await until(async () => (await other.get(EnhancedCacheService).get('k')) === 'shared');
    expect((await fetch(`${await other.getUrl()}/health`)).status).toBe(200);
    await server.kill();
    await until(() => other.get(EnhancedCacheService).getStats().tier?.state === 'away');
    expect((await fetch(`${await other.getUrl()}/health`)).status).toBe(200);
    await server.launch();
  });
});
