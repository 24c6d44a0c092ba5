import { Controller, Delete, Get, Inject, Injectable, Module, Param, Req, UseInterceptors } from '@nestjs/common';
import { APP_INTERCEPTOR, Reflector } from '@nestjs/core';
import type { ExecutionContext, NestInterceptor, CallHandler } from '@nestjs/common';
import * as original from '@nestjs/cache-manager';
import Keyv from 'keyv';
import {
  Cache,
  CACHE_KEY_METADATA,
  CACHE_MANAGER,
  CACHE_TTL_METADATA,
  CacheInterceptor,
  CacheKey,
  type CacheManager,
  CacheModule,
  type CacheModuleAsyncOptions,
  type CacheModuleOptions,
  CacheTTL,
} from 'nestjs-enhanced-cache/cache-manager';
import * as ours from 'nestjs-enhanced-cache/cache-manager';
import { EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { map, type Observable } from 'rxjs';
import { PLATFORMS, startApp, type TestApp } from './support/platforms.js';

const Runs = { count: 0 };

@Injectable()
class Reader {
  constructor(
    @Inject(CACHE_MANAGER) readonly manager: CacheManager,
    @Inject(Cache) readonly byType: Cache,
  ) {}
}

@Controller('users')
@UseInterceptors(CacheInterceptor)
class UsersController {
  constructor(@Inject(CACHE_MANAGER) private readonly cache: CacheManager) {}

  @Get()
  list(@Req() request: { headers: Record<string, string> }): object {
    return { run: ++Runs.count, who: request.headers['authorization'] ?? 'nobody' };
  }

  @Get('keyed')
  @CacheKey('users')
  @CacheTTL(5000)
  keyed(): object {
    return { run: ++Runs.count };
  }

  @Get('ever')
  @CacheTTL(0)
  ever(): object {
    return { run: ++Runs.count };
  }

  @Get('made/:id')
  @CacheKey(
    (context: ExecutionContext) => `made:${context.switchToHttp().getRequest<{ params: { id: string } }>().params.id}`,
  )
  @CacheTTL(async () => 2000)
  made(@Param('id') id: string): object {
    return { run: ++Runs.count, id };
  }

  @Delete('keyed')
  async remove(): Promise<object> {
    return { removed: await this.cache.del('users') };
  }
}

describe.each(PLATFORMS)('nestjs-enhanced-cache/cache-manager on %s', (platform) => {
  const clock = new FakeClock();
  let target: TestApp;

  beforeEach(async () => {
    Runs.count = 0;
    target = await startApp(platform, {
      imports: [CacheModule.register({ isGlobal: true, ttl: 60_000, clock, loading: { jitter: 0 } })],
      controllers: [UsersController],
      providers: [Reader],
    });
  });
  afterEach(() => target.close());

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await target.http().get(`/users${path}`).set(headers).expect(200);
    return [response.headers['x-cache'], (response.body as { run: number }).run];
  };

  it('caches a controller by default, each caller apart, for the default lifetime', async () => {
    expect([await get(''), await get('')]).toEqual([
      ['MISS', 1],
      ['HIT', 1],
    ]);
    expect(await get('', { authorization: 'bob' })).toEqual(['MISS', 2]);
    clock.advance(60_001);
    expect(await get('')).toEqual(['MISS', 3]);
  });

  it('takes key and lifetime in milliseconds from the decorators', async () => {
    await get('/keyed');
    clock.advance(4000);
    expect(await get('/keyed')).toEqual(['HIT', 1]);
    clock.advance(1001);
    expect(await get('/keyed')).toEqual(['MISS', 2]);
    await get('/ever');
    clock.advance(1_000_000_000);
    expect(await get('/ever')).toEqual(['HIT', 3]);
  });

  it('takes both from functions of the context', async () => {
    expect([await get('/made/1'), await get('/made/2'), await get('/made/1')]).toEqual([
      ['MISS', 1],
      ['MISS', 2],
      ['HIT', 1],
    ]);
    clock.advance(2001);
    expect(await get('/made/1')).toEqual(['MISS', 3]);
  });

  it('has one cache behind the interceptor and both tokens', async () => {
    const { manager, byType } = target.app.get(Reader);
    expect(byType).toBe(manager);
    await get('/keyed');
    await get('/keyed', { authorization: 'bob' });
    expect(await manager.get('users')).toEqual({ run: 1 });
    await target.http().delete('/users/keyed').expect(200, { removed: true });
    expect(await get('/keyed')).toEqual(['MISS', 3]);
    expect(await get('/keyed', { authorization: 'bob' })).toEqual(['MISS', 4]);
    await manager.set('a', { b: 1 }, 1000);
    clock.advance(999);
    expect(await manager.get('a')).toEqual({ b: 1 });
    clock.advance(2);
    expect(await manager.get('a')).toBeUndefined();
  });
});

describe('CacheModule', () => {
  it('goes by the names of @nestjs/cache-manager', () => {
    expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(original)));
    expect([CACHE_MANAGER, CACHE_KEY_METADATA, CACHE_TTL_METADATA]).toEqual([
      original.CACHE_MANAGER,
      original.CACHE_KEY_METADATA,
      original.CACHE_TTL_METADATA,
    ]);
  });

  it('makes a cache of its own at each registration', async () => {
    @Module({
      imports: [CacheModule.register({ cacheId: 'one' })],
      providers: [{ provide: 'one', useExisting: CACHE_MANAGER }],
    })
    class One {}
    @Module({
      imports: [CacheModule.register({ cacheId: 'two' })],
      providers: [{ provide: 'two', useExisting: CACHE_MANAGER }],
    })
    class Two {}
    const target = await startApp('express', { imports: [One, Two] });
    const [one, two] = ['one', 'two'].map((name) => target.app.get<CacheManager>(name));
    await one.set('k', 1);
    expect([one.cacheId(), two.cacheId(), await two.get('k')]).toEqual(['one', 'two', undefined]);
    await target.close();
  });

  it('is made by a factory or a class, and over stores of Keyv', async () => {
    class Options {
      createCacheOptions() {
        return { cacheId: 'by class' };
      }
    }
    const keyv = new Keyv();
    const factory = { inject: ['ttl'], useFactory: (ttl: number) => ({ ttl, stores: [keyv] }) };
    for (const [options, check] of [
      [{ useClass: Options }, async (cache: CacheManager) => expect(cache.cacheId()).toBe('by class')],
      [
        { ...factory, extraProviders: [{ provide: 'ttl', useValue: 5000 }] },
        async (cache: CacheManager) => {
          await cache.set('k', 1);
          expect(await keyv.get('k')).toBe(1);
          expect(await cache.ttl('k')).toBeGreaterThan(Date.now());
        },
      ],
    ] as [CacheModuleAsyncOptions, (cache: CacheManager) => Promise<void>][]) {
      const target = await startApp('express', {
        imports: [CacheModule.registerAsync({ isGlobal: true, ...options })],
      });
      await check(target.app.get<CacheManager>(CACHE_MANAGER, { strict: false }));
      await target.close();
    }
  });

  describe.each([
    ['here', CacheModule],
    ['in @nestjs/cache-manager', original.CacheModule as unknown as typeof CacheModule],
  ])('with stores of the app, %s', (_where, module) => {
    const start = (options: CacheModuleOptions) => startApp('express', { imports: [module.register(options)] });
    const managerOf = ({ app }: TestApp) => app.get<CacheManager>(CACHE_MANAGER, { strict: false });

    it('puts a Keyv around a storage adapter, with the namespace and the lifetime of the options', async () => {
      const [first, second] = [new Map<string, unknown>(), new Map<string, unknown>()];
      for (const [stores, namespace, key] of [
        [first, 'shop', 'shop:k'],
        [[second], undefined, 'k'],
      ] as const) {
        const target = await start({ stores, namespace, ttl: 5000 });
        await managerOf(target).set('k', { a: 1 });
        expect(await managerOf(target).get('k')).toEqual({ a: 1 });
        expect(await managerOf(target).ttl('k')).toBeGreaterThan(Date.now());
        expect([...[stores].flat()[0].keys()]).toEqual([key]);
        await target.close();
      }
    });

    it('keeps values of its own where the list is empty', async () => {
      const target = await start({ stores: [] });
      await managerOf(target).set('k', 1);
      expect(await managerOf(target).get('k')).toBe(1);
      await target.close();
    });

    it('takes a Keyv as it is, and lets go of it with the app', async () => {
      const keyv = new Keyv();
      let isOpen = true;
      keyv.disconnect = async () => {
        isOpen = false;
      };
      const target = await start({ stores: keyv });
      expect(managerOf(target).stores).toEqual([keyv]);
      expect(isOpen).toBe(true);
      await target.close();
      expect(isOpen).toBe(false);
    });
  });

  it('lives beside EnhancedCacheModule, whose cache then keeps the responses', async () => {
    const target = await startApp('express', {
      imports: [CacheModule.register(), EnhancedCacheModule.forRoot()],
      controllers: [UsersController],
      providers: [{ provide: CACHE_MANAGER, useValue: {} }],
    });
    await target.http().get('/users').expect(200);
    expect(target.app.get(EnhancedCacheService).getStats().entryCount).toBe(1);
    await target.close();
  });

  it.each(['the class', 'the method'])(
    'goes by the keys of a subclass on %s, whatever else stands around it',
    async (place) => {
      class Chosen extends CacheInterceptor {
        override trackBy(context: ExecutionContext): string | undefined {
          return context.switchToHttp().getRequest<{ query: { key?: string } }>().query.key;
        }
      }
      class Envelope implements NestInterceptor {
        intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
          return next.handle().pipe(map((data: unknown) => ({ data })));
        }
      }
      @Controller('things')
      @UseInterceptors(...(place === 'the class' ? [Chosen] : []))
      class ThingsController {
        @Get()
        @UseInterceptors(...(place === 'the method' ? [Chosen] : []))
        find(): object {
          return { run: ++Runs.count };
        }
      }
      Runs.count = 0;
      const target = await startApp('express', {
        imports: [CacheModule.register()],
        controllers: [ThingsController],
        providers: [{ provide: APP_INTERCEPTOR, useClass: Envelope }],
      });
      const seen = [];
      for (const query of ['?key=a&n=1', '?key=a&n=2', '', '']) {
        seen.push((await target.http().get(`/things${query}`).expect(200)).body);
      }
      expect(seen).toEqual([1, 1, 2, 3].map((run) => ({ data: { run } })));
      await target.close();
    },
  );

  it('stands around the other interceptors of an app, with the keys of a subclass', async () => {
    class ByQuery extends CacheInterceptor {
      override trackBy(context: ExecutionContext): string | undefined {
        const { query } = context.switchToHttp().getRequest<{ query: { key?: string } }>();
        return query.key;
      }
    }
    class Envelope implements NestInterceptor {
      intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
        return next.handle().pipe(map((data: unknown) => ({ data })));
      }
    }
    @Controller('things')
    class ThingsController {
      @Get() find(): object {
        return { run: ++Runs.count };
      }
    }
    Runs.count = 0;
    const target = await startApp('express', {
      imports: [CacheModule.register()],
      controllers: [ThingsController],
      providers: [
        { provide: APP_INTERCEPTOR, useClass: Envelope },
        { provide: APP_INTERCEPTOR, useClass: ByQuery },
      ],
    });
    const get = async (query: string) => (await target.http().get(`/things${query}`).expect(200)).body as object;
    expect([await get('?key=a&n=1'), await get('?key=a&n=2'), await get('?key=b')]).toEqual([
      { data: { run: 1 } },
      { data: { run: 1 } },
      { data: { run: 2 } },
    ]);
    expect([await get(''), await get('')]).toEqual([{ data: { run: 3 } }, { data: { run: 4 } }]);
    await target.close();
  });
});

/** What stands in apps today; every sentence holds for both. */
describe.each([
  ['here', { CacheInterceptor, CacheModule }],
  [
    'in @nestjs/cache-manager',
    {
      CacheInterceptor: original.CacheInterceptor as unknown as typeof CacheInterceptor,
      CacheModule: original.CacheModule as unknown as typeof CacheModule,
    },
  ],
])('a subclass of CacheInterceptor %s', (_where, { CacheInterceptor: Base, CacheModule: Caches }) => {
  let target: TestApp;

  async function start(interceptor: new (...args: never[]) => CacheInterceptor): Promise<void> {
    @Controller('things')
    @UseInterceptors(interceptor)
    class ThingsController {
      @Get('plain') plain(): object {
        return { run: ++Runs.count };
      }
      @Get('keyed') @CacheKey('key') keyed(): object {
        return { run: ++Runs.count };
      }
    }
    Runs.count = 0;
    const providers = [{ provide: 'prefix', useValue: 'own' }];
    target = await startApp('express', { imports: [Caches.register()], controllers: [ThingsController], providers });
  }
  afterEach(() => target.close());

  /** In which run each of `paths` was answered. */
  async function runsOf(...paths: string[]): Promise<number[]> {
    const runs = [];
    for (const path of paths) {
      runs.push(((await target.http().get(`/things/${path}`).expect(200)).body as { run: number }).run);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return runs;
  }

  it('makes keys of the URL by the adapter of the app, and leaves out what it likes', async () => {
    class ByUrl extends Base {
      protected override trackBy(context: ExecutionContext): string | undefined {
        const request = context.switchToHttp().getRequest<object>();
        const { httpAdapter } = this.httpAdapterHost;
        const isGet = httpAdapter.getRequestMethod(request) === 'GET';
        const url = httpAdapter.getRequestUrl(request) as string;
        return isGet && !url.includes('fresh') ? url.toLowerCase() : undefined;
      }
    }
    await start(ByUrl);
    expect(await runsOf('plain?a', 'plain?A', 'plain?b', 'plain?fresh', 'plain?fresh')).toEqual([1, 1, 2, 3, 4]);
  });

  it('takes the key that it would have, also later, and goes before @CacheKey()', async () => {
    const seen: unknown[] = [];
    class Prefixed extends Base {
      protected override async trackBy(context: ExecutionContext): Promise<string | null> {
        const usual = await super.trackBy(context);
        seen.push(usual);
        await new Promise((resolve) => setImmediate(resolve));
        return String(usual).endsWith('?no') ? null : 'one for all';
      }
    }
    await start(Prefixed);
    expect(await runsOf('plain?x', 'keyed', 'plain?no', 'plain?y')).toEqual([1, 1, 2, 1]);
    expect(seen).toEqual(['/things/plain?x', 'key', '/things/plain?no', '/things/plain?y']);
  });

  it('says which requests are cached, besides those with a key', async () => {
    class NotThese extends Base {
      protected override isRequestCacheable(context: ExecutionContext): boolean {
        return (
          super.isRequestCacheable(context) && !('no' in context.switchToHttp().getRequest<{ query: object }>().query)
        );
      }
    }
    await start(NotThese);
    expect(await runsOf('plain', 'plain', 'plain?no', 'plain?no', 'keyed?no', 'keyed?no')).toEqual([1, 1, 2, 3, 4, 4]);
  });

  it('says which methods are cached', async () => {
    class Nothing extends Base {
      protected override allowedMethods = ['HEAD'];
    }
    await start(Nothing);
    expect(await runsOf('plain', 'plain')).toEqual([1, 2]);
  });

  it('has what it is given, and dependencies of its own', async () => {
    @Injectable()
    class WithOwn extends Base {
      constructor(
        @Inject(CACHE_MANAGER) cacheManager: CacheManager,
        @Inject(Reflector) reflector: Reflector,
        @Inject('prefix') private readonly prefix: string,
      ) {
        super(cacheManager, reflector);
      }
      protected override async trackBy(context: ExecutionContext): Promise<string> {
        const handler = this.reflector.get<string>(CACHE_KEY_METADATA, context.getHandler());
        return `${this.prefix}:${handler}:${await this.cacheManager.get<number>('version')}`;
      }
    }
    await start(WithOwn);
    const manager = target.app.get<CacheManager>(CACHE_MANAGER, { strict: false });
    expect(await runsOf('plain', 'keyed', 'plain', 'keyed')).toEqual([1, 2, 1, 2]);
    await manager.set('version', 2);
    expect(await runsOf('plain', 'keyed')).toEqual([3, 4]);
    expect(await manager.get('own:key:2')).toEqual({ run: 4 });
  });
});
