import { Controller, Get, Inject, Injectable, Module, VersioningType } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import {
  EnhancedCacheHealthIndicator,
  EnhancedCacheModule,
  type EnhancedCacheModuleAsyncOptions,
  EnhancedCacheService,
  getCacheToken,
} from 'nestjs-enhanced-cache';
import { PLATFORMS, SILENT_LOGGER } from './support/platforms.js';
import { API, SECRET, startRestApp, startRestModule, token } from './support/rest-api.js';

const auth = { secret: SECRET };

async function bootError(module: object): Promise<string> {
  const builder = Test.createTestingModule({ imports: [module as never] }).setLogger(SILENT_LOGGER);
  return builder.compile().then(
    () => 'booted',
    (error: Error & { code?: string }) => `${error.code} ${error.message}`,
  );
}

describe.each(PLATFORMS)('the full module on %s', (platform) => {
  it('declares its routes below the path that it was given', async () => {
    const rest = await startRestApp(platform, { controller: { path: '/ops/cache/', auth } });
    expect((await rest.call('GET', '/ops/cache/stats')).status).toBe(200);
    expect((await rest.call('GET', `${API}/stats`)).status).toBe(404);
    await rest.cache.set('a/b', 1);
    expect((await rest.call('GET', '/ops/cache/get/a%2Fb')).status).toBe(200);
    await rest.close();
  });

  it('goes behind the prefix of the app, and is the same in every version', async () => {
    const rest = await startRestApp(
      platform,
      { controller: { auth } },
      {
        configure: (app) =>
          app.setGlobalPrefix('internal').enableVersioning({ type: VersioningType.URI, defaultVersion: '2' }),
      },
    );
    expect((await rest.call('GET', `/internal${API}/stats`)).status).toBe(200);
    await rest.cache.set('a/b', 1);
    expect((await rest.call('GET', `/internal${API}/get/a%2Fb`)).status).toBe(200);
    const raw = '{"version":1,"exported_at":"2026-01-15T00:00:00.000Z","format":"ndjson"}\n';
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await rest.call('POST', `/internal${API}/import`, { raw, headers })).status).toBe(200);
    await rest.close();
  });

  it('has no routes where the controller is off, and all the rest', async () => {
    const rest = await startRestApp(platform, { controller: false });
    expect((await rest.call('GET', `${API}/stats`)).status).toBe(404);
    await rest.cache.set('a', 1);
    expect(await rest.cache.get('a')).toBe(1);
    expect(rest.app.get(EnhancedCacheHealthIndicator)).toBeInstanceOf(EnhancedCacheHealthIndicator);
    await rest.close();
  });

  it('has named caches beside the default one', async () => {
    const rest = await startRestModule(platform, {
      imports: [
        EnhancedCacheModule.forRoot({ controller: { auth } }),
        EnhancedCacheModule.forFeature('reports', { maxSize: 5 }),
      ],
    });
    expect(rest.app.get<EnhancedCacheService>(getCacheToken('reports')).getStats().maxSize).toBe(5);
    expect((await rest.call('GET', `${API}/stats`)).body.max_size).toBe(2000);
    await rest.close();
  });

  describe('with options from elsewhere', () => {
    @Injectable()
    class Settings {
      createCacheOptions() {
        return { maxSize: 77, controller: { auth } };
      }
    }
    @Module({ providers: [Settings], exports: [Settings] })
    class SettingsModule {}

    it.each<[string, EnhancedCacheModuleAsyncOptions<any>]>([
      [
        'a factory',
        {
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: async (settings: Settings) => settings.createCacheOptions(),
        },
      ],
      ['a class', { useClass: Settings }],
      ['an existing provider', { imports: [SettingsModule], useExisting: Settings }],
      ['a factory, with the key beside it', { useFactory: () => ({ maxSize: 77 }), controller: { auth } }],
    ])('takes the key of the API from %s', async (_name, options) => {
      const controller = { ...options.controller, path: 'async' };
      const rest = await startRestModule(platform, {
        imports: [EnhancedCacheModule.forRootAsync({ ...options, controller })],
      });
      expect((await rest.call('GET', '/async/stats')).body.max_size).toBe(77);
      expect((await rest.call('GET', '/async/stats', { token: null })).status).toBe(401);
      const foreign = token('cache:read', {}, {}, 'some other secret, 32 bytes or more');
      expect((await rest.call('GET', '/async/stats', { token: foreign })).status).toBe(401);
      await rest.close();
    });

    it('keeps two apps of one module class apart', async () => {
      let made = 0;
      @Module({
        imports: [
          EnhancedCacheModule.forRootAsync({
            useFactory: () => ({ controller: { auth: { secret: `secret number ${++made} of this module class` } } }),
          }),
        ],
      })
      class AppModule {}
      const apps = [await startRestModule(platform, { imports: [AppModule] })];
      apps.push(await startRestModule(platform, { imports: [AppModule] }));
      for (const [i, rest] of apps.entries()) {
        const statuses = [1, 2].map(async (n) => {
          const bearer = token('cache:read', {}, {}, `secret number ${n} of this module class`);
          return (await rest.call('GET', `${API}/stats`, { token: bearer })).status;
        });
        expect(await Promise.all(statuses)).toEqual(i === 0 ? [200, 401] : [401, 200]);
      }
      for (const rest of apps) await rest.close();
    });
  });

  it('is in a health check of Terminus', async () => {
    @Controller('health')
    class HealthController {
      constructor(
        @Inject(HealthCheckService) private readonly health: HealthCheckService,
        @Inject(EnhancedCacheHealthIndicator) private readonly cache: EnhancedCacheHealthIndicator,
      ) {}
      @Get()
      @HealthCheck()
      check() {
        return this.health.check([() => this.cache.isHealthy('cache')]);
      }
    }
    const rest = await startRestModule(platform, {
      imports: [EnhancedCacheModule.forRoot({ controller: false }), TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
    });
    const well = await rest.call('GET', '/health', { token: null });
    expect([well.status, well.body.details]).toEqual([200, { cache: { status: 'up' } }]);
    await rest.cache.close();
    const closed = await rest.call('GET', '/health', { token: null });
    expect([closed.status, closed.body.details]).toEqual([
      503,
      { cache: { status: 'down', message: 'unhealthy: lifecycle' } },
    ]);
    await rest.close();
  });
});

describe('the boot of the full module', () => {
  const root = (controller: unknown) => EnhancedCacheModule.forRoot({ controller: controller as never });

  it.each([undefined, {}, { path: 'cache' }])('fails without a key, and says what to do (%j)', async (controller) => {
    expect(await bootError(root(controller))).toBe(
      'CACHE_INVALID_OPTIONS controller.auth: expected { secret } or { publicKey } to verify the tokens of the REST API ' +
        'with, or false to leave the API open to everybody who can reach it; controller: false leaves it out, received ' +
        'undefined',
    );
  });

  it('fails without a key where a factory returned none either', async () => {
    expect(await bootError(EnhancedCacheModule.forRootAsync({ useFactory: () => ({ maxSize: 5 }) }))).toMatch(
      /^CACHE_INVALID_OPTIONS controller\.auth: expected \{ secret \}/,
    );
  });

  it.each<[string, unknown, RegExp]>([
    ['true', true, /controller: expected false or \{ path, auth \}, received true$/],
    ['an unknown option', { auth, guard: 1 }, /controller\.guard: expected no option of that name \(known: path, auth/],
    ['a path with a parameter', { auth, path: ':tenant/cache' }, /controller\.path: .* received ":tenant\/cache"$/],
    ['an empty path', { auth, path: '/' }, /controller\.path: /],
    ['a path that is a number', { auth, path: 5 }, /controller\.path: .* received 5$/],
    [
      'a short secret',
      { auth: { secret: 'secret' } },
      /controller\.auth\.secret: expected at least 32 bytes, received "6 bytes"$/,
    ],
    ['no limit', { auth, importLimitMb: 0 }, /controller\.importLimitMb: expected a number of MiB > 0, received 0$/],
  ])('fails for %s', async (_name, controller, sentence) => {
    expect(await bootError(root(controller))).toMatch(sentence);
  });

  it('fails where a factory returns what shapes the graph, or the key twice', async () => {
    const boot = (returned: object, controller?: object) =>
      bootError(
        EnhancedCacheModule.forRootAsync({ controller, useFactory: () => ({ controller: returned as never }) }),
      );
    expect(await boot({ auth, path: 'x' })).toMatch(/controller\.path: expected no option of that name \(known: auth/);
    expect(await boot(false as never)).toMatch(
      /controller: expected \{ auth \}; path and controller: false stand beside/,
    );
    expect(await boot({ auth }, { auth })).toMatch(
      /controller\.auth: expected it beside useFactory or in what that ret/,
    );
  });

  it('fails for options of the cache as the lean module does', async () => {
    expect(await bootError(EnhancedCacheModule.forRoot({ maxSize: 0, controller: false }))).toMatch(
      /^CACHE_INVALID_OPTIONS maxSize: expected an integer from 1/,
    );
    expect(() => EnhancedCacheModule.forRootAsync({} as never)).toThrow(/one of useFactory, useClass and useExisting/);
    expect(() => EnhancedCacheModule.forRoot(null as never)).toThrow(/forRoot: expected an object of options/);
  });
});
