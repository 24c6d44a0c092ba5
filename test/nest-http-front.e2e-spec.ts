import { jest } from '@jest/globals';
import { Controller, Get, Header, Logger, Query, UseGuards } from '@nestjs/common';
import { Cacheable, CacheEvict, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { PLATFORMS, startApp, type TestApp, type TestAppOptions } from './support/platforms.js';

const allow = { canActivate: () => true };

@Controller()
class PublicController {
  runs = 0;

  @Get('public')
  @Header('X-Static', 'yes')
  @Cacheable({ ttl: 60, shared: true, front: true, tags: ['public'] })
  async public(@Query('q') q = '') {
    return { q, run: ++this.runs };
  }

  @Get('not-in-front')
  @Cacheable({ ttl: 60, shared: true })
  async behind() {
    return { run: ++this.runs };
  }

  @Get('guarded')
  @UseGuards(allow)
  @Cacheable({ ttl: 60, shared: true, front: true })
  async guarded() {
    return { run: ++this.runs };
  }

  @Get('evict')
  @CacheEvict({ tags: ['public'] })
  async evict() {
    return {};
  }
}

describe.each(PLATFORMS)('answers in front of the framework on %s', (platform) => {
  const clock = new FakeClock();
  let target: TestApp;
  /** Requests that reached the framework. */
  let reached = 0;

  const start = async (options: TestAppOptions = {}): Promise<void> => {
    reached = 0;
    target = await startApp(
      platform,
      { imports: [EnhancedCacheModule.forRoot({ clock })], controllers: [PublicController] },
      {
        ...options,
        configure: (app) => {
          app.use((_request: unknown, response: { setHeader(n: string, v: string): void }, next: () => void) => {
            reached++;
            response.setHeader('X-Middleware', 'ran');
            next();
          });
          options.configure?.(app);
        },
      },
    );
  };
  afterEach(() => target.close());

  const get = (path: string, headers: Record<string, string> = {}) => target.http().get(path).set(headers);

  it('begin with the second hit, and are the same as those behind it', async () => {
    await start();
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await get('/public?q=a'));
    expect(answers.map(({ headers }) => headers['x-cache'])).toEqual(['MISS', 'HIT', 'HIT', 'HIT']);
    expect(reached).toBe(2);
    const facts = answers.map(({ status, headers, text }) => {
      const { 'x-cache': _outcome, age: _age, 'keep-alive': _alive, ...kept } = headers as Record<string, string>;
      return { status, text, kept };
    });
    for (const each of facts) expect(each).toEqual(facts[0]);
    expect(answers[3].headers).toMatchObject({ 'x-static': 'yes', 'x-middleware': 'ran', age: '0' });
  });

  it('obey evictions, lifetimes and counters', async () => {
    await start();
    for (let i = 0; i < 3; i++) await get('/public');
    await get('/evict');
    expect((await get('/public')).headers['x-cache']).toBe('MISS');
    for (let i = 0; i < 2; i++) await get('/public');
    clock.advance(61_000);
    expect((await get('/public')).headers['x-cache']).toBe('MISS');
    expect(target.app.get(EnhancedCacheService).getStats()).toMatchObject({ hits: 4, misses: 3 });
  });

  it('count their age, and answer conditions and HEAD', async () => {
    await start();
    for (let i = 0; i < 2; i++) await get('/public');
    clock.advance(5000);
    reached = 0;
    const { headers } = await get('/public');
    expect(headers['age']).toBe('5');
    const unchanged = await get('/public', { 'if-none-match': headers['etag'] }).expect(304);
    expect(unchanged.text).toBe('');
    const head = await target.http().head('/public').expect(200);
    expect(head.headers['content-length']).toBe(headers['content-length']);
    expect(reached).toBe(0);
  });

  it('leave to the framework what is no plain request', async () => {
    await start();
    for (let i = 0; i < 3; i++) await get('/public');
    reached = 0;
    expect((await get('/public', { 'cache-control': 'no-cache' })).body.run).toBe(2);
    await get('/public', { range: 'bytes=0-1' });
    await target.http().post('/public').expect(404);
    await get('/public?q=other');
    expect(reached).toBe(4);
  });

  it.each([
    ['a route that does not ask for it', '/not-in-front', undefined, undefined],
    ['a route with guards', '/guarded', 'guards stand on it', undefined],
    [
      'an app with global guards',
      '/public',
      'global guards',
      { configure: (app) => app.useGlobalGuards(allow) } as TestAppOptions,
    ],
  ])('are not given for %s', async (_what, path, warning, options) => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await start(options);
    for (let i = 0; i < 4; i++) await get(path);
    expect(reached).toBe(4);
    // Said once in a process, so that the second platform may say nothing.
    if (warning && platform === 'express') expect(warn.mock.calls.flat().join()).toContain(warning);
    warn.mockRestore();
  });

  it('are not given where middleware makes a response for each origin', async () => {
    await start({ configure: (app) => app.enableCors({ origin: ['https://a.example', 'https://b.example'] }) });
    for (const origin of ['https://a.example', 'https://b.example', 'https://a.example']) {
      const { headers } = await get('/public', { origin });
      expect(headers['access-control-allow-origin']).toBe(origin);
    }
    expect(reached).toBe(3);
  });
});
