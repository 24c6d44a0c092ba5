import { EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { Calls, CitiesController, UserGuard } from './support/cities.controller.js';
import { PLATFORMS, startApp, type TestApp } from './support/platforms.js';

describe.each(PLATFORMS)('caching of HTTP handlers on %s', (platform) => {
  const clock = new FakeClock();
  let target: TestApp;
  let calls: Calls;
  let cache: EnhancedCacheService;

  beforeEach(async () => {
    UserGuard.refused.clear();
    target = await startApp(platform, {
      imports: [EnhancedCacheModule.forRoot({ clock })],
      controllers: [CitiesController],
      providers: [Calls, UserGuard],
    });
    calls = target.app.get(Calls);
    cache = target.app.get(EnhancedCacheService);
  });
  afterEach(() => target.close());

  const get = (path: string, headers: Record<string, string> = {}) => target.http().get(`/cities/${path}`).set(headers);

  /** So many requests, none of which is answered before the last has come. */
  const together = async (path: string, count: number) => {
    const release = calls.hold();
    const answers = Promise.all(Array.from({ length: count }, () => get(path)));
    while (cache.getStats().joinedLoads < count - 1) await new Promise((resolve) => setImmediate(resolve));
    release();
    return answers;
  };

  it('answers the second request from the cache, and says so', async () => {
    const miss = await get('plain').expect(200);
    clock.advance(2500);
    const hit = await get('plain').expect(200);
    expect(miss.headers['x-cache']).toBe('MISS');
    expect(miss.headers['age']).toBeUndefined();
    expect(hit.headers['x-cache']).toBe('HIT');
    expect(hit.headers['age']).toBe('2');
    expect(hit.body).toEqual(miss.body);
    expect(calls.counts).toEqual({ plain: 1 });
  });

  it('keys by the query, whatever its order and spelling', async () => {
    await get('plain?b=2&a=x%20y');
    expect((await get('plain?a=x+y&b=2')).headers['x-cache']).toBe('HIT');
    expect((await get('plain?a=x+y&b=3')).headers['x-cache']).toBe('MISS');
  });

  it('never shows one caller what another one got', async () => {
    const seen = [];
    for (const authorization of ['alice', 'bob', '', 'alice', 'bob', '']) {
      const headers: Record<string, string> = authorization ? { authorization } : {};
      seen.push((await get('plain', headers)).body.who);
    }
    expect(seen).toEqual(['alice', 'bob', 'nobody', 'alice', 'bob', 'nobody']);
    expect(calls.counts).toEqual({ plain: 3 });
    expect((await get('plain', { cookie: 'session=1' })).headers['x-cache']).toBe('MISS');
    expect((await get('plain', { cookie: 'session=2' })).headers['x-cache']).toBe('MISS');
  });

  it('knows a verified user by name and not by the rest of the token', async () => {
    for (const user of ['alice', 'bob', 'alice', 'bob']) {
      expect((await get('mine', { 'x-user': user, authorization: String(Math.random()) })).body.who).toBe(user);
    }
    expect((await get('mine')).body.who).toBe('nobody');
    expect(calls.counts).toEqual({ mine: 3 });
  });

  it('puts no credentials into keys', async () => {
    await get('plain', { authorization: 'Bearer s3cret', cookie: 'session=s3cret' });
    const keys = (await cache.listEntries()).entries.map((entry) => entry.key);
    expect(keys).toHaveLength(1);
    expect(keys.join()).not.toContain('s3cret');
  });

  it('shares a response that is declared the same for all', async () => {
    await get('shared', { authorization: 'alice' });
    expect((await get('shared', { authorization: 'bob' })).headers['x-cache']).toBe('HIT');
    expect(calls.counts).toEqual({ shared: 1 });
  });

  it('runs the handler once for 50 requests that come together', async () => {
    const answers = await together('slow', 50);
    expect(answers.map((answer) => answer.body)).toEqual(answers.map(() => ({ run: 1 })));
    expect(calls.counts).toEqual({ slow: 1 });
  });

  it('gives a failure to all who wait for it, and caches none', async () => {
    const answers = await together('failing', 10);
    expect(answers.map((answer) => [answer.status, answer.body.message])).toEqual(answers.map(() => [500, 'run 1']));
    await get('failing').expect(500);
    expect(calls.counts).toEqual({ failing: 2 });
  });

  it.each(['missing', 'teapot', 'undefined', 'cookie', 'no-store', 'private'])('does not cache %s', async (path) => {
    const first = await get(path);
    const second = await get(path);
    expect(second.headers['x-cache']).not.toBe('HIT');
    expect(second.status).toBe(first.status);
    expect(calls.counts).toEqual({ [path]: 2 });
  });

  it('caches null', async () => {
    await get('null');
    const hit = await get('null').expect(200);
    expect(hit.headers['x-cache']).toBe('HIT');
    expect(calls.counts).toEqual({ null: 1 });
  });

  it('replays status, headers and content type', async () => {
    const miss = await get('rich').expect(203);
    const hit = await get('rich').expect(203);
    expect(hit.headers['x-cache']).toBe('HIT');
    expect(hit.headers['x-source']).toBe('run 1');
    expect(hit.headers['content-type']).toBe(miss.headers['content-type']);
    expect(hit.text).toBe('a,b');
    expect(hit.headers['etag']).toBe(miss.headers['etag']);
  });

  it('answers 304 without a body to a client that has the response', async () => {
    const { etag } = (await get('plain')).headers;
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    const unchanged = await get('plain', { 'if-none-match': `"other", W/${etag}` }).expect(304);
    expect(unchanged.text).toBe('');
    expect(unchanged.headers['etag']).toBe(etag);
    await get('plain', { 'if-none-match': '"other"' }).expect(200);
  });

  it('answers HEAD from the entry of GET, and stores nothing for HEAD', async () => {
    const before = await target.http().head('/cities/plain').expect(200);
    expect(before.headers['x-cache']).toBe('MISS');
    const { etag } = (await get('plain')).headers;
    const head = await target.http().head('/cities/plain').expect(200);
    expect(head.headers['x-cache']).toBe('HIT');
    expect(head.headers['etag']).toBe(etag);
    expect(head.text ?? '').toBe('');
    expect(calls.counts).toEqual({ plain: 2 });
  });

  it('asks the handler where the request says no-cache, and keeps its answer', async () => {
    await get('plain');
    expect((await get('plain', { 'cache-control': 'no-cache' })).body.run).toBe(2);
    const hit = await get('plain');
    expect([hit.headers['x-cache'], hit.body.run]).toEqual(['HIT', 2]);
  });

  it('leaves no trace of a request that says no-store', async () => {
    const bypass = await get('plain', { 'cache-control': 'no-store' });
    expect(bypass.headers['x-cache']).toBe('BYPASS');
    expect((await get('plain')).headers['x-cache']).toBe('MISS');
  });

  it('keeps apart what varies by a declared header', async () => {
    const german = await get('by-language', { 'accept-language': 'de' });
    expect(german.headers['vary']).toMatch(/accept-language/i);
    expect((await get('by-language', { 'accept-language': 'en' })).body.language).toBe('en');
    expect((await get('by-language', { 'accept-language': 'de' })).headers['x-cache']).toBe('HIT');
  });

  it('learns by which headers a handler varies, and caches from the second response on', async () => {
    const seen = [];
    for (const language of ['de', 'en', 'de', 'en', 'de']) {
      const { headers, body } = await get('undeclared-vary', { 'accept-language': language });
      expect([body.language, headers['vary']]).toEqual([language, 'Accept-Language']);
      seen.push(headers['x-cache']);
    }
    expect(seen).toEqual(['BYPASS', 'MISS', 'MISS', 'HIT', 'HIT']);
  });

  it('leaves handlers alone that send the response themselves', async () => {
    await get('sent').expect(200, { run: 1 });
    await get('sent').expect(200, { run: 2 });
  });

  it('gives each of several concurrent requests a stream of its own', async () => {
    const answers = await Promise.all([get('stream'), get('stream'), get('stream')]);
    expect(answers.map((answer) => answer.body.toString())).toEqual(['streamed', 'streamed', 'streamed']);
    expect(calls.counts).toEqual({ stream: 3 });
  });

  it('runs guards on a hit', async () => {
    await get('mine', { 'x-user': 'alice' }).expect(200);
    UserGuard.refused.add('alice');
    await get('mine', { 'x-user': 'alice' }).expect(401);
  });

  it('keeps off handlers with @NoCache', async () => {
    await get('opted-out').expect(200, { run: 1 });
    const second = await get('opted-out').expect(200, { run: 2 });
    expect(second.headers['x-cache']).toBeUndefined();
  });

  it('uses an explicit key, with the identity of who asks', async () => {
    await get('by-key/7');
    expect(await cache.has('city:7')).toBe(true);
    expect((await get('by-key/7', { authorization: 'alice' })).headers['x-cache']).toBe('MISS');
    expect((await get('by-key/7')).headers['x-cache']).toBe('HIT');
    await get('by-key/odd');
    expect(await cache.has('city:odd')).toBe(false);
  });

  it('hands the arguments of the handler to key functions', async () => {
    await get('by-function/7?lang=de&unused=1', { authorization: 'alice' });
    expect(await cache.has('fn:7:de')).toBe(true);
    expect((await get('by-function/7?lang=de')).headers['x-cache']).toBe('HIT');
  });

  it('goes on without a cache that was closed', async () => {
    await get('plain').expect(200);
    await cache.close();
    expect((await get('plain').expect(200)).body.run).toBe(2);
  });
});
