/**
 * A small app with all of the package, as a user would write it, in plain JavaScript; runs inside a scratch folder.
 *
 * @param {(name: string) => Promise<any> | any} load `require` or `import()`, which is what is being compared.
 */
const assert = require('node:assert/strict');
const { createHmac } = require('node:crypto');

const SECRET = 'a secret for a scratch app, 32 bytes or more';

function decorate(decorators, target, name) {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  const decorated = decorators.reduceRight(
    (current, decorator) => decorator(target, name, current) ?? current,
    descriptor,
  );
  Object.defineProperty(target, name, decorated);
}

function token(scope) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'scratch', scope, exp: Math.floor(Date.now() / 1000) + 60 })}`;
  return `${content}.${createHmac('sha256', SECRET).update(content).digest('base64url')}`;
}

module.exports = async function run(load, { entry, withRest }) {
  const { Controller, Get, Inject, Injectable, Module } = await load('@nestjs/common');
  const { NestFactory } = await load('@nestjs/core');
  const { Cacheable, EnhancedCacheModule, EnhancedCacheService } = await load(entry);

  const imported = await import(entry);
  const required = require(entry);
  assert.equal(imported.EnhancedCacheService, required.EnhancedCacheService, 'import and require give two classes');

  const calls = { handler: 0, method: 0 };
  class Greeter {
    async greet(name) {
      calls.method += 1;
      return `hello ${name}`;
    }
  }
  decorate([Cacheable({ ttl: '1m' })], Greeter.prototype, 'greet');
  Injectable()(Greeter);

  class GreetingController {
    constructor(greeter, cache) {
      Object.assign(this, { greeter, cache });
    }
    greeting() {
      calls.handler += 1;
      return { calls: calls.handler };
    }
    async greet() {
      return { greeting: await this.greeter.greet('Ada') };
    }
    async direct() {
      return { value: await this.cache.getOrSet('direct', () => 42) };
    }
  }
  decorate([Get('cached'), Cacheable({ ttl: '1m', tags: ['greetings'] })], GreetingController.prototype, 'greeting');
  decorate([Get('method')], GreetingController.prototype, 'greet');
  decorate([Get('direct')], GreetingController.prototype, 'direct');
  Inject(Greeter)(GreetingController, undefined, 0);
  Inject(EnhancedCacheService)(GreetingController, undefined, 1);
  Controller()(GreetingController);

  class AppModule {}
  const options = withRest ? { controller: { auth: { secret: SECRET } } } : {};
  Module({ imports: [EnhancedCacheModule.forRoot(options)], controllers: [GreetingController], providers: [Greeter] })(
    AppModule,
  );

  const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'], abortOnError: false });
  await app.listen(0, '127.0.0.1');
  try {
    const url = `http://127.0.0.1:${app.getHttpServer().address().port}`;
    const get = async (path, headers) => {
      const response = await fetch(url + path, { headers });
      return { status: response.status, cache: response.headers.get('x-cache'), body: await response.json() };
    };
    assert.deepEqual(await get('/cached'), { status: 200, cache: 'MISS', body: { calls: 1 } });
    assert.deepEqual(await get('/cached'), { status: 200, cache: 'HIT', body: { calls: 1 } });
    await get('/method');
    assert.deepEqual((await get('/method')).body, { greeting: 'hello Ada' });
    assert.equal(calls.method, 1, 'the service method ran twice');
    assert.deepEqual((await get('/direct')).body, { value: 42 });
    if (withRest) {
      const stats = '/api/v1/enhanced-cache/stats';
      assert.equal((await get(stats)).status, 401);
      assert.equal((await get(stats, { authorization: `Bearer ${token('cache:read')}` })).status, 200);
    }
  } finally {
    await app.close();
  }
};
