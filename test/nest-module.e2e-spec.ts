import { Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  EnhancedCacheModule,
  type EnhancedCacheOptions,
  type EnhancedCacheOptionsFactory,
  EnhancedCacheService,
  getCacheToken,
  InvalidOptionsError,
} from 'nestjs-enhanced-cache/lean';
import { SILENT_LOGGER } from './support/platforms.js';

@Injectable()
class Settings implements EnhancedCacheOptionsFactory {
  readonly maxSize = 7;
  async createCacheOptions() {
    return { maxSize: this.maxSize };
  }
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

type Imports = NonNullable<Parameters<typeof Test.createTestingModule>[0]['imports']>;
const boot = (...imports: Imports) => Test.createTestingModule({ imports }).setLogger(SILENT_LOGGER).compile();

describe('EnhancedCacheModule', () => {
  it.each([
    [
      'useFactory',
      { imports: [SettingsModule], inject: [Settings], useFactory: (given: Settings) => ({ maxSize: given.maxSize }) },
    ],
    ['useClass', { useClass: Settings }],
    ['useExisting', { imports: [SettingsModule], useExisting: Settings }],
  ])('takes options by %s', async (_name, options) => {
    const app = await boot(EnhancedCacheModule.forRootAsync(options as never));
    expect(app.get(EnhancedCacheService).getStats().maxSize).toBe(7);
    await app.close();
  });

  it.each([
    ['a bad value', { maxSize: 0 }, 'maxSize: expected an integer from 1 to 16777216, received 0'],
    ['an unknown option', { maxsize: 1 }, 'maxsize: expected no option of that name'],
    [
      'an option of the full module',
      { controller: false },
      "controller: expected to stand in EnhancedCacheModule of 'nestjs-enhanced-cache'",
    ],
  ])('stops the boot for %s', async (_name, given, message) => {
    const options = given as EnhancedCacheOptions;
    await expect(boot(EnhancedCacheModule.forRoot(options))).rejects.toThrow(message);
    await expect(boot(EnhancedCacheModule.forRootAsync({ useFactory: () => options }))).rejects.toThrow(message);
    await expect(boot(EnhancedCacheModule.forFeature('a', options))).rejects.toThrow(InvalidOptionsError);
    await expect(boot(EnhancedCacheModule.forFeatureAsync('a', { useFactory: async () => options }))).rejects.toThrow(
      message,
    );
  });

  it('stops the boot where an async factory returns what shapes the module', async () => {
    const useFactory = (): EnhancedCacheOptions => ({ isGlobal: true }) as object;
    await expect(boot(EnhancedCacheModule.forRootAsync({ useFactory }))).rejects.toThrow(
      'isGlobal: expected beside useFactory',
    );
  });

  it('refuses a second default cache and a second cache of one name', async () => {
    await expect(boot(EnhancedCacheModule.forRoot(), EnhancedCacheModule.forRoot())).rejects.toThrow(
      'forRoot: expected one call in an app',
    );
    await expect(boot(EnhancedCacheModule.forFeature('a'), EnhancedCacheModule.forFeature('a'))).rejects.toThrow(
      'name: expected a name that no other forFeature() of this app has, received "a"',
    );
  });

  it('refuses calls that cannot become a module', () => {
    expect(() => EnhancedCacheModule.forFeature('')).toThrow('name: expected a non-empty string');
    expect(() => EnhancedCacheModule.forRoot(null as never)).toThrow('forRoot: expected an object of options');
    expect(() => EnhancedCacheModule.forRoot({ isGlobal: 1 as never })).toThrow(
      'isGlobal: expected a boolean, received 1',
    );
    expect(() => EnhancedCacheModule.forRootAsync({})).toThrow(
      'forRootAsync: expected one of useFactory, useClass and useExisting',
    );
  });

  it('is one cache where several modules import the same definition', async () => {
    const cacheModule = EnhancedCacheModule.forRoot({ isGlobal: false });
    @Module({ imports: [cacheModule] })
    class A {
      constructor(@Inject(EnhancedCacheService) readonly cache: EnhancedCacheService) {}
    }
    @Module({ imports: [cacheModule] })
    class B {
      constructor(@Inject(EnhancedCacheService) readonly cache: EnhancedCacheService) {}
    }
    const app = await boot(A, B);
    expect(app.get(A).cache).toBe(app.get(B).cache);
    await app.close();
  });

  it('is for its importers alone where isGlobal is false', async () => {
    @Module({})
    class Stranger {
      constructor(@Inject(EnhancedCacheService) readonly cache: EnhancedCacheService) {}
    }
    await expect(boot(EnhancedCacheModule.forRoot({ isGlobal: false }), Stranger)).rejects.toThrow(
      'EnhancedCacheService',
    );
    const app = await boot(EnhancedCacheModule.forRoot(), Stranger);
    expect(app.get(Stranger).cache).toBeInstanceOf(EnhancedCacheService);
    await app.close();
  });

  it('lets factories of named caches inject, and makes each a cache of its own', async () => {
    const app = await boot(
      EnhancedCacheModule.forRoot(),
      EnhancedCacheModule.forFeatureAsync('a', {
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: (given: Settings) => ({ maxSize: given.maxSize }),
      }),
    );
    const named = app.get<EnhancedCacheService>(getCacheToken('a'), { strict: false });
    await named.set('key', 1);
    expect([named.name, named.getStats().maxSize]).toEqual(['a', 7]);
    expect(await app.get(EnhancedCacheService).has('key')).toBe(false);
    await app.close();
  });

  it('closes its caches when the app shuts down', async () => {
    const app = await boot(EnhancedCacheModule.forRoot(), EnhancedCacheModule.forFeature('a'));
    const caches = [
      app.get(EnhancedCacheService),
      app.get<EnhancedCacheService>(getCacheToken('a'), { strict: false }),
    ];
    await app.close();
    for (const cache of caches) await expect(cache.set('key', 1)).rejects.toThrow('the cache is closed');
  });
});
