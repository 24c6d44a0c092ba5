import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Module, type Type } from '@nestjs/common';
import { ContextIdFactory, LazyModuleLoader } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { EnhancedCacheModule, EnhancedCacheService, InjectCache } from 'nestjs-enhanced-cache/lean';
import type { Observable } from 'rxjs';
import { Cities, PerRequest, Towns, Villages } from './support/cities.service.js';
import { SILENT_LOGGER } from './support/platforms.js';

async function boot(providers: Type[], imports = [EnhancedCacheModule.forRoot()]): Promise<TestingModule> {
  return Test.createTestingModule({ imports, providers }).setLogger(SILENT_LOGGER).compile();
}

describe('decorators on provider methods', () => {
  let app: TestingModule;
  let cities: Cities;
  let cache: EnhancedCacheService;

  beforeEach(async () => {
    app = await boot(
      [Cities, Towns, Villages, PerRequest],
      [EnhancedCacheModule.forRoot(), EnhancedCacheModule.forFeature('sessions')],
    );
    cities = app.get(Cities);
    cache = app.get(EnhancedCacheService);
  });
  afterEach(() => app.close());

  it('runs a method once for the same arguments, told apart by type', async () => {
    expect(await cities.find(1)).toEqual(await cities.find(1));
    expect((await cities.find('1')).run).toBe(2);
    expect(await cities.find(1, { a: 1, b: 2 })).toEqual(await cities.find(1, { b: 2, a: 1 }));
    expect(cities.runs).toBe(3);
  });

  it('works for calls on this', async () => {
    const [first, second] = await cities.findTwice(7);
    expect(second).toEqual(first);
  });

  it('gives subclasses keys of their own, and an override may call the method that it overrides', async () => {
    await cities.find(1);
    expect(await app.get(Villages).find(1)).toEqual({ id: 1, run: 1 });
    expect(await app.get(Towns).find(1)).toEqual({ id: 1, run: 1, town: true });
    expect(await app.get(Towns).find(1)).toEqual({ id: 1, run: 1, town: true });
    expect(app.get(Towns).runs).toBe(1);
    const keys = (await cache.listEntries()).entries.map(({ key }) => key).sort();
    expect(keys).toEqual(['Cities.find:n1', 'Towns.find:n1', 'Towns<Cities>.find:n1', 'Villages<Cities>.find:n1']);
  });

  it('shares entries between request-scoped instances', async () => {
    const first = await app.resolve(PerRequest, ContextIdFactory.create());
    const second = await app.resolve(PerRequest, ContextIdFactory.create());
    expect(second).not.toBe(first);
    expect(await second.load(1)).toBe(await first.load(1));
  });

  it('caches methods of modules that are loaded late', async () => {
    @Module({ providers: [Cities], exports: [Cities] })
    class LateModule {}
    const late = await app.get(LazyModuleLoader).load(() => LateModule);
    const lateCities = late.get(Cities);
    await lateCities.tagged(5);
    await lateCities.tagged(5);
    expect(lateCities.runs).toBe(1);
  });

  it('uses the cache of the own app where two run in one process', async () => {
    const other = await boot([Cities]);
    await cities.find(1);
    expect(await other.get(Cities).find(1)).toEqual({ id: 1, run: 1 });
    expect(other.get(Cities).runs).toBe(1);
    await other.get(EnhancedCacheService).clear();
    await cities.find(1);
    expect(cities.runs).toBe(1);
    await other.close();
  });

  it('keeps what other decorators say of the method, its name and its length', () => {
    const method = Cities.prototype.tagged;
    expect([Reflect.getMetadata('before', method), Reflect.getMetadata('after', method)]).toEqual([1, 2]);
    expect([method.name, method.length]).toEqual(['tagged', 1]);
  });

  it('just runs the method without a cache module, and on instances that Nest did not make', async () => {
    const bare = await Test.createTestingModule({ providers: [Cities] }).compile();
    for (const plain of [bare.get(Cities), new Cities()]) {
      await plain.find(1);
      await plain.find(1);
      await plain.remove(1);
      expect(plain.runs).toBe(2);
    }
    await bare.close();
  });

  it('evicts by tag after success only', async () => {
    expect(await cities.tagged(3)).toBe('de/3/1');
    await cities.tagged(0);
    await cities.remove(3);
    await expect(cities.remove(0)).rejects.toThrow('no such city');
    expect(await cities.tagged(3)).toBe('de/3/3');
    expect(await cities.tagged(0)).toBe('de/0/2');
  });

  it('puts results where readers find them', async () => {
    expect(await cities.name(1)).toBe('name 1 1');
    await cities.rename(1, 'Ulm');
    expect(await cities.name(1)).toBe('Ulm (1)');
    await cities.rename(1, '');
    expect(await cities.name(1)).toBe('Ulm (1)');
  });

  it('names a placeholder that has no value, before the method runs', async () => {
    await expect(cities.unresolved({})).rejects.toThrow('{id.deep} in key has no value in this call');
    await expect(cities.removeWrongly(1)).rejects.toThrow('{missing} in keys[0] has no value in this call');
    expect(cities.runs).toBe(0);
  });

  it('names an argument that cannot be part of a key', async () => {
    await expect(cities.find(1, { onDone: () => 1 })).rejects.toThrow('argument 1.onDone is a function');
  });

  it('shares a result that it does not keep among those who wait', async () => {
    const all = await Promise.all([cities.search('x'), cities.search('x'), cities.search('x')]);
    expect([all, cities.runs]).toEqual([['none', 'none', 'none'], 1]);
    await cities.search('x');
    await cities.search('y');
    await cities.search('y');
    expect(cities.runs).toBe(3);
  });

  it('leaves the cache alone where the condition does not hold', async () => {
    await cities.positive(-1);
    await cities.positive(-1);
    await cities.positive(1);
    await cities.positive(1);
    expect(cities.runs).toBe(3);
  });

  it('keeps null and does not keep undefined', async () => {
    expect([await cities.absent(0), await cities.absent(0)]).toEqual([null, null]);
    expect(cities.runs).toBe(1);
    expect([await cities.absent(1), await cities.absent(1)]).toEqual([undefined, undefined]);
    expect(cities.runs).toBe(3);
  });

  it('gives an error unchanged to all who wait, and runs again afterwards', async () => {
    const errors = await Promise.allSettled([cities.failing(), cities.failing()]);
    const reasons = errors.map((each) => (each as PromiseRejectedResult).reason as Error);
    expect(reasons[0]).toBeInstanceOf(Error);
    expect(reasons[1]).toBe(reasons[0]);
    await expect(cities.failing()).rejects.toThrow('failure 2');
  });

  it('passes Observables on, uncached', async () => {
    const values: number[] = [];
    for (let i = 0; i < 2; i++) {
      (cities.watch() as unknown as Observable<number>).subscribe((value) => values.push(value));
    }
    expect([values, cities.runs]).toEqual([[1, 2, 1, 2], 2]);
    await wait(0);
    expect(cache.getStats().sets).toBe(0);
  });

  it('runs the method once where the cache refuses or is closed', async () => {
    await cache.close();
    expect(await cities.name(1)).toBe('name 1 1');
    expect(await cities.rename(1, 'Ulm')).toBe('Ulm (1)');
    expect(await cities.remove(1)).toBe(1);
  });

  it('uses the named cache, and says so where there is none of the name', async () => {
    await cities.session('a');
    expect(await cities.session('a')).toBe('a 1');
    expect(cache.getStats().entryCount).toBe(0);
    const other = await boot([Cities]);
    await expect(other.get(Cities).session('a')).rejects.toThrow(
      'cache: expected the name of a cache made by forFeature()',
    );
    await other.close();
  });

  it('takes what a test puts in place of the service', async () => {
    const fake = { getOrSet: async () => 'from the fake' };
    const faked = await Test.createTestingModule({ imports: [EnhancedCacheModule.forRoot()], providers: [Cities] })
      .overrideProvider(EnhancedCacheService)
      .useValue(fake)
      .compile();
    expect(await faked.get(Cities).name(1)).toBe('from the fake');
    await faked.close();
  });
});

describe('@InjectCache', () => {
  it('injects the default cache and named ones', async () => {
    @Injectable()
    class Consumer {
      constructor(
        @InjectCache() readonly cache: EnhancedCacheService,
        @InjectCache('sessions') readonly sessions: EnhancedCacheService,
      ) {}
    }
    const app = await boot(
      [Consumer],
      [EnhancedCacheModule.forRoot(), EnhancedCacheModule.forFeature('sessions', { maxSize: 5 })],
    );
    const { cache, sessions } = app.get(Consumer);
    expect(cache).toBe(app.get(EnhancedCacheService));
    expect([sessions.name, sessions.getStats().maxSize]).toEqual(['sessions', 5]);
    await app.close();
  });
});
