import { Controller, Get, Query } from '@nestjs/common';
import inject from 'light-my-request';
import type { RequestListener } from 'node:http';
import { Cacheable, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { startApp, type TestApp } from './support/platforms.js';

@Controller()
class FloodedController {
  @Get('search')
  @Cacheable({ ttl: '50ms' })
  async search(@Query('x') x: string) {
    return { x, text: 'result '.repeat(20) };
  }

  @Get('hot')
  @Cacheable({ ttl: 3600 })
  async hot(@Query('id') id: string) {
    return { id };
  }

  @Get('few')
  @Cacheable({ ttl: 3600, maxVariants: 3 })
  async few(@Query('id') id: string) {
    return { id };
  }
}

describe('a flood of queries that nobody asked before', () => {
  let target: TestApp;
  let cache: EnhancedCacheService;
  let get: (url: string) => Promise<string | undefined>;

  beforeEach(async () => {
    target = await startApp('fastify', {
      // The policy that has no defence of its own: what is protected is protected by the bound of the route.
      imports: [EnhancedCacheModule.forRoot({ clock: new FakeClock(), maxSize: 1000, evictionPolicy: 'lru' })],
      controllers: [FloodedController],
    });
    cache = target.app.get(EnhancedCacheService);
    const instance = target.app.getHttpAdapter().getInstance() as { routing: RequestListener };
    get = async (url) => (await inject(instance.routing, { method: 'GET', url })).headers['x-cache'] as string;
  });
  afterEach(() => target.close());

  it('fills its own share of the cache and pushes out nothing of other routes', async () => {
    for (let id = 0; id < 100; id++) await get(`/hot?id=${id}`);
    let most = 0;
    for (let x = 0; x < 100_000; x++) {
      await get(`/search?x=${x}`);
      if (x % 1000 === 0) most = Math.max(most, cache.getStats().entryCount);
    }
    expect(most).toBeLessThanOrEqual(600);
    expect(cache.getMemoryUsage().totalEntries).toBe(600);
    for (let id = 0; id < 100; id++) expect(await get(`/hot?id=${id}`)).toBe('HIT');
    expect(cache.verifyAccounting()).toEqual([]);
  }, 120_000);

  it('leaves the variants that are used most lately', async () => {
    for (const id of ['a', 'b', 'c', 'a', 'd']) await get(`/few?id=${id}`);
    const outcomes = [];
    for (const id of ['a', 'c', 'd', 'b']) outcomes.push(await get(`/few?id=${id}`));
    expect(outcomes).toEqual(['HIT', 'HIT', 'HIT', 'MISS']);
    expect(cache.getStats().entryCount).toBe(3);
  });
});
