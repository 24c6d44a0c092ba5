import {
  Controller,
  Get,
  Header,
  HttpCode,
  Param,
  Post,
  Query,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import { request as httpRequest } from 'node:http';
import { Cacheable, CacheEvict, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { PLATFORMS, startApp, type TestApp } from './support/platforms.js';
import type { Reply } from './support/table.controllers.js';

/** What the handlers read, and when they may go on. */
const source = { version: 1, runs: 0, isDown: false, gate: Promise.resolve() };

async function read(reply: Reply): Promise<{ version: number }> {
  source.runs++;
  reply.header('X-Version', String(source.version));
  await source.gate;
  if (source.isDown) throw new ServiceUnavailableException();
  return { version: source.version };
}

@Controller('pages')
class PagesController {
  @Get('by-rule')
  @Cacheable({ ttl: 60, staleWhileRevalidate: '1m', staleIfError: '1h', errorBackoff: '10s', shared: true })
  async byRule(@Res({ passthrough: true }) reply: Reply) {
    return read(reply);
  }

  @Get('by-response')
  @Header('Cache-Control', 'max-age=60, stale-while-revalidate=60, stale-if-error=3600')
  @Cacheable({ ttl: 5, shared: true })
  async byResponse(@Res({ passthrough: true }) reply: Reply) {
    return read(reply);
  }

  @Get('must')
  @HttpCode(203)
  @Header('Cache-Control', 'max-age=60, must-revalidate')
  @Cacheable({ ttl: 5, staleWhileRevalidate: '1m', staleIfError: '1h', shared: true })
  async must(@Res({ passthrough: true }) reply: Reply) {
    return read(reply);
  }

  @Get('told/:id')
  @Cacheable({
    tags: ['page', 'page:{id}'],
    shared: true,
    browserTtl: '1m',
    sharedTtl: '10m',
    staleWhileRevalidate: '30s',
    tagHeader: 'Cache-Tag',
  })
  async told(@Param('id') id: string) {
    return { id };
  }

  @Get('mine')
  @Cacheable({ tags: ['a b', 'c,d'], browserTtl: '30s', tagHeader: 'Surrogate-Key' })
  async mine(@Query('control') control: string | undefined, @Res({ passthrough: true }) reply: Reply) {
    if (control !== undefined) reply.header('Cache-Control', control);
    return {};
  }

  @Post(':id')
  @CacheEvict({ tags: (id: string) => [`page:${id}`] })
  async write(@Param('id') id: string) {
    if (id === 'taken') throw new ServiceUnavailableException();
    return {};
  }
}

describe.each(PLATFORMS)('freshness over HTTP on %s', (platform) => {
  let clock: FakeClock;
  let target: TestApp;
  let cache: EnhancedCacheService;

  beforeEach(async () => {
    Object.assign(source, { version: 1, runs: 0, isDown: false, gate: Promise.resolve() });
    clock = new FakeClock();
    target = await startApp(platform, {
      imports: [EnhancedCacheModule.forRoot({ clock, loading: { jitter: 0 } })],
      controllers: [PagesController],
    });
    cache = target.app.get(EnhancedCacheService);
  });
  afterEach(() => target.close());

  const get = async (path: string) => {
    const { status, headers, body } = await target.http().get(`/pages/${path}`);
    return { status, headers, version: (body as { version?: number }).version, outcome: headers['x-cache'] };
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise(setImmediate);
  };

  it.each(['by-rule', 'by-response'])(
    'serves what is stale and renews it behind, with the headers of its making: %s',
    async (path) => {
      expect(await get(path)).toMatchObject({ outcome: 'MISS', version: 1 });
      source.version = 2;
      clock.advance(61_000);
      const stale = await get(path);
      expect(stale).toMatchObject({ status: 200, outcome: 'STALE', version: 1 });
      expect(stale.headers).toMatchObject({ 'x-version': '1', age: '61' });
      expect(stale.headers).not.toHaveProperty('warning');
      await until(() => cache.getStats().sets === 2);
      const renewed = await get(path);
      expect(renewed).toMatchObject({ outcome: 'HIT', version: 2 });
      expect(renewed.headers).toMatchObject({ 'x-version': '2', age: '0' });
      expect(source.runs).toBe(2);
    },
  );

  it.each(['by-rule', 'by-response'])('renews once, however many ask: %s', async (path) => {
    await get(path);
    source.version = 2;
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    clock.advance(61_000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(path)));
    expect(answers.map(({ outcome, version }) => [outcome, version])).toEqual(answers.map(() => ['STALE', 1]));
    await until(() => source.runs === 2);
    open();
    await until(() => cache.getStats().sets === 2);
    expect(await get(path)).toMatchObject({ outcome: 'HIT', version: 2 });
    expect(source.runs).toBe(2);
  });

  it.each(['by-rule', 'by-response'])('serves what is stale where the handler fails: %s', async (path) => {
    await get(path);
    Object.assign(source, { version: 2, isDown: true });
    clock.advance(200_000);
    const stale = await get(path);
    expect(stale).toMatchObject({ status: 200, outcome: 'STALE', version: 1 });
    // Not the one that the failed handler had set.
    expect(stale.headers).toMatchObject({ 'x-version': '1', age: '200' });
    clock.advance(3_600_000);
    expect((await get(path)).status).toBe(503);
  });

  it('serves nothing stale where the response forbids it, whatever the rule says', async () => {
    expect(await get('must')).toMatchObject({ status: 203, outcome: 'MISS' });
    clock.advance(59_000);
    expect(await get('must')).toMatchObject({ status: 203, outcome: 'HIT' });
    source.isDown = true;
    clock.advance(2000);
    expect((await get('must')).status).toBe(503);
  });

  it('goes on loading for others when the client that began it leaves', async () => {
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    const leaving = httpRequest(`${await target.app.getUrl()}/pages/by-rule`);
    leaving.on('error', () => undefined).end();
    await until(() => source.runs === 1);
    const waiting = get('by-rule');
    await until(() => cache.getStats().joinedLoads === 1);
    await new Promise((resolve) => leaving.on('close', resolve).destroy());
    open();
    expect(await waiting).toMatchObject({ status: 200, version: 1, outcome: 'HIT' });
    expect(await get('by-rule')).toMatchObject({ outcome: 'HIT', version: 1 });
    expect(source.runs).toBe(1);
  });

  it('keeps the response of a client that left before it came', async () => {
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    const leaving = httpRequest(`${await target.app.getUrl()}/pages/by-rule`);
    leaving.on('error', () => undefined).end();
    await until(() => source.runs === 1);
    await new Promise((resolve) => leaving.on('close', resolve).destroy());
    open();
    await until(() => cache.getStats().sets === 1);
    const hit = await get('by-rule');
    expect(hit).toMatchObject({ outcome: 'HIT', version: 1 });
    expect(hit.headers).toMatchObject({ 'x-version': '1' });
  });

  it('does not bring back what was evicted while it was renewed', async () => {
    await get('by-rule');
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    clock.advance(61_000);
    await get('by-rule');
    await until(() => source.runs === 2);
    await cache.clear();
    open();
    await until(() => cache.getStats().fencedLoads === 1);
    expect(await get('by-rule')).toMatchObject({ outcome: 'MISS' });
  });

  it('tells clients and CDNs how long, and by which tags to purge, on every path', async () => {
    const expected = {
      'cache-control': 'public, max-age=60, s-maxage=600, stale-while-revalidate=30',
      'cache-tag': 'page,page:7',
    };
    const miss = await get('told/7');
    const hit = await get('told/7');
    const unchanged = await target.http().get('/pages/told/7').set('if-none-match', miss.headers['etag']).expect(304);
    expect([miss.outcome, hit.outcome, unchanged.headers['x-cache']]).toEqual(['MISS', 'HIT', 'HIT']);
    for (const { headers } of [miss, hit, unchanged]) expect(headers).toMatchObject(expected);
  });

  it('calls private what belongs to one user, and leaves alone what the handler says', async () => {
    for (const outcome of ['MISS', 'HIT']) {
      const { headers } = await get('mine');
      expect(headers).toMatchObject({ 'x-cache': outcome, 'cache-control': 'private, max-age=30' });
      expect(headers['surrogate-key']).toBe('a%20b c%2Cd');
    }
    const { headers } = await get('mine?control=max-age%3D5');
    expect(headers['cache-control']).toBe('max-age=5');
  });

  it('evicts by tags from the arguments, after success only', async () => {
    await get('told/7');
    await get('told/taken');
    await target.http().post('/pages/taken').expect(503);
    expect((await get('told/taken')).outcome).toBe('HIT');
    await target.http().post('/pages/7').expect(201);
    expect((await get('told/7')).outcome).toBe('MISS');
  });
});
