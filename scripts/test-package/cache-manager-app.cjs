/** A Nest app that came from @nestjs/cache-manager: what it imports has another name, nothing else has changed. */
const assert = require('node:assert/strict');
require('reflect-metadata');

module.exports = async function run(load, { entry }) {
  for (const absent of ['@nestjs/cache-manager', 'cache-manager', 'keyv', '@nestjs/swagger']) {
    assert.throws(() => require.resolve(absent), `${absent} is installed, so this proves nothing`);
  }
  const { CacheInterceptor, CacheModule, CACHE_MANAGER, CacheTTL, createCache } = await load(entry);
  assert.equal((await import(entry)).CacheModule, require(entry).CacheModule, 'import and require give two classes');
  const { Controller, Get, Module, UseInterceptors } = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  let runs = 0;
  class TimesController {
    find() {
      return { run: ++runs };
    }
  }
  const descriptor = Object.getOwnPropertyDescriptor(TimesController.prototype, 'find');
  for (const decorate of [CacheTTL(60_000), Get()]) decorate(TimesController.prototype, 'find', descriptor);
  UseInterceptors(CacheInterceptor)(TimesController);
  Controller('times')(TimesController);
  class AppModule {}
  Module({ imports: [CacheModule.register({ isGlobal: true, ttl: 5000 })], controllers: [TimesController] })(AppModule);
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/times`;
  const outcomes = [await fetch(url), await fetch(url)].map((response) => response.headers.get('x-cache'));
  assert.deepEqual(outcomes, ['MISS', 'HIT']);
  const manager = app.get(CACHE_MANAGER);
  await manager.set('k', 1, 1000);
  assert.equal(await manager.get('k'), 1);
  assert.ok((await manager.ttl('k')) > Date.now());
  await app.close();
  const cache = createCache({ maxSize: 10 });
  assert.equal(await cache.wrap('k', () => 2, 1000), 2);
  await cache.disconnect();
};
