import { jest } from '@jest/globals';
import { ClassSerializerInterceptor, type INestApplication, Logger, type Type, VersioningType } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { EnhancedCacheInterceptor, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import {
  HostController,
  MoreController,
  OffController,
  PlainController,
  Runs,
  User,
  VersionedController,
} from './support/interceptor.controllers.js';
import { PLATFORMS, startApp, type TestApp, type TestAppOptions } from './support/platforms.js';

describe.each(PLATFORMS)('EnhancedCacheInterceptor on %s', (platform) => {
  let target: TestApp;
  const start = async (
    withCache: boolean,
    options: TestAppOptions = {},
    cacheOptions = {},
    controllers: Type[] = [PlainController, OffController, HostController, MoreController],
  ) => {
    const imports = withCache ? [EnhancedCacheModule.forRoot(cacheOptions)] : [];
    target = await startApp(
      platform,
      { imports, controllers, providers: [EnhancedCacheInterceptor, Reflector] },
      options,
    );
  };
  const globally: TestAppOptions = {
    configure: (app: INestApplication) => app.useGlobalInterceptors(app.get(EnhancedCacheInterceptor)),
  };
  const run = async (path: string) => (await target.http().get(path)).body.run as number;

  beforeEach(() => void (Runs.count = 0));
  afterEach(() => target.close());

  it('caches every GET of an app that applies it globally, and nothing else', async () => {
    await start(true, globally);
    expect([await run('/plain'), await run('/plain')]).toEqual([1, 1]);
    await target.http().post('/plain').expect(201, { run: 2 });
    await target.http().post('/plain').expect(201, { run: 3 });
  });

  it('opts out by handler and by controller', async () => {
    await start(true, globally);
    expect([await run('/plain/not'), await run('/plain/not'), await run('/off'), await run('/off')]).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('looks once where it is applied twice', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    await start(true, globally);
    expect([await run('/plain/cached'), await run('/plain/cached')]).toEqual([1, 1]);
    expect(target.app.get(EnhancedCacheService).getStats()).toMatchObject({ hits: 1, misses: 1 });
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    expect(await target.app.get(EnhancedCacheService).has('cached')).toBe(true);
  });

  it('passes event streams through', async () => {
    await start(true, globally);
    for (let i = 0; i < 2; i++) {
      const { text } = await target.http().get('/plain/events').expect(200);
      expect(text.match(/data: \d/g)).toEqual(['data: 1', 'data: 2']);
    }
  });

  it('passes everything through without a cache module', async () => {
    await start(false, globally);
    expect([await run('/plain/cached'), await run('/plain/cached')]).toEqual([1, 2]);
    const response = await target.http().get('/plain/cached').expect(200);
    expect(response.headers['x-cache']).toBeUndefined();
  });

  it('keeps hosts apart where the controller is bound to one', async () => {
    await start(true);
    for (const account of ['a', 'b', 'a']) {
      const { body } = await target.http().get('/tenants').set('host', `${account}.example.com`).expect(200);
      expect(body).toEqual({ account });
    }
  });

  it('keeps versions of one path apart', async () => {
    const versioned: TestAppOptions = {
      configure: (app) => app.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
    };
    await start(true, versioned, {}, [VersionedController]);
    for (const version of [1, 2, 1, 2]) {
      await target.http().get('/versions').set('x-version', String(version)).expect(200, { version });
    }
  });

  it('leaves what a request lacks to pipes, and stores nothing for a request that they refuse', async () => {
    await start(true);
    await target.http().get('/more/search').expect(400);
    await target.http().get('/more/search?q=word').expect(400);
    await target.http().get('/more/search?q=5').expect(200, { q: 5, run: 1 });
    await target.http().get('/more/search?q=5').expect(200, { q: 5, run: 1 });
  });

  it('hands what custom decorators make to key functions', async () => {
    await start(true);
    for (const tenant of ['a', 'b']) {
      const { body } = await target.http().get('/more/tenant/7').set('x-tenant', tenant).expect(200);
      expect(body).toEqual({ tenant, id: '7' });
    }
    expect(await target.app.get(EnhancedCacheService).has('tenant:a:7')).toBe(true);
  });

  it.each([[{}], [{ types: [User] }], [{ isolation: 'shared' }]])(
    'keeps what serializers make of a response, wherever they were applied, with %j',
    async (options) => {
      const serializing: TestAppOptions = {
        configure: (app) => app.useGlobalInterceptors(new ClassSerializerInterceptor(app.get(Reflector))),
      };
      await start(true, serializing, options);
      for (let i = 0; i < 3; i++) {
        const { body } = await target.http().get('/more/users').expect(200);
        expect(body).toEqual([{ name: 'bob' }]);
      }
      expect(target.app.get(EnhancedCacheService).getStats().hits).toBe(2);
    },
  );

  it('does not cache a POST, and says so', async () => {
    await start(true);
    const first = await target.http().post('/more/cached').expect(201);
    expect([first.headers['x-cache'], first.body.run]).toEqual(['BYPASS', 1]);
    await target.http().post('/more/cached').expect(201, { run: 2 });
  });

  it('fails a request whose eviction names what is not there: nobody may believe it done', async () => {
    await start(true);
    await target.http().post('/more/wrong').expect(500);
  });
});
