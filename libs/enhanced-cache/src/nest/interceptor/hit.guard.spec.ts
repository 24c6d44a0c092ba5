import { type CanActivate, Controller, type ExecutionContext, Get, Header, type Type, UseGuards } from '@nestjs/common';
import { CacheEvict } from '../decorators/cache-evict.decorator.js';
import { Cacheable } from '../decorators/cacheable.decorator.js';
import { guardsOf, handlerFacts } from './handler-facts.js';
import { HitGuard, standLast } from './hit.guard.js';

const [above, below]: CanActivate[] = [{ canActivate: () => true }, { canActivate: () => true }];

/** A class anew for each test: facts are told once for a handler. */
function newController() {
  @Controller()
  class Guarded {
    @Get() @UseGuards(above) @Cacheable() @UseGuards(below) async both() {
      return 1;
    }
    @Get() @Cacheable() async plain() {
      return 1;
    }
    @Get() @Header('X-Made', () => 'now') @Cacheable() async makesHeaders() {
      return 1;
    }
    @Get() @Header('X-Fixed', 'yes') @Cacheable() async fixedHeaders() {
      return 1;
    }
    @Get() @CacheEvict({ tags: ['a'] }) async writes() {
      return 1;
    }
    @Get() @UseGuards(above) async uncached() {
      return 1;
    }
  }
  return Guarded;
}

type Method = keyof ReturnType<typeof newController>['prototype'];

const contextOf = (type: Type, method: Method): ExecutionContext =>
  ({
    getClass: () => type,
    getHandler: () => (type.prototype as Record<string, unknown>)[method],
    getType: () => 'http',
  }) as unknown as ExecutionContext;

describe('standLast', () => {
  it('puts the guard of the cache behind those that stand above it, and leaves the others in their order', () => {
    const type = newController();
    expect(guardsOf(type.prototype.both)).toEqual([below, HitGuard, above]);
    standLast(type);
    expect(guardsOf(type.prototype.both)).toEqual([below, above, HitGuard]);
    standLast(type);
    expect(guardsOf(type.prototype.both)).toEqual([below, above, HitGuard]);
  });

  it('reaches handlers that a controller inherits', () => {
    const base = newController();
    class Sub extends base {}
    standLast(Sub);
    expect(guardsOf(base.prototype.both).at(-1)).toBe(HitGuard);
  });

  it('leaves handlers alone that the guard does not stand on', () => {
    const type = newController();
    standLast(type);
    expect([guardsOf(type.prototype.writes), guardsOf(type.prototype.uncached)]).toEqual([[], [above]]);
  });
});

describe('HitGuard', () => {
  it.each<[Method, boolean]>([
    ['plain', true],
    ['both', true],
    ['fixedHeaders', true],
    ['makesHeaders', false],
    ['writes', false],
    ['uncached', false],
  ])('%s: it answers: %s', (method, expected) => {
    const type = newController();
    standLast(type);
    expect(handlerFacts(contextOf(type, method)).isAnsweredByGuard).toBe(expected);
  });

  it('answers nothing where another guard stands behind it', () => {
    expect(handlerFacts(contextOf(newController(), 'both')).isAnsweredByGuard).toBe(false);
  });

  it('is no guard that keeps a route from being answered in front of the framework', () => {
    const type = newController();
    expect(handlerFacts(contextOf(type, 'plain')).hasGuards).toBe(false);
    expect(handlerFacts(contextOf(type, 'both')).hasGuards).toBe(true);
  });

  it('lets everything pass in an app without a cache module, and what is not HTTP', () => {
    const context = contextOf(newController(), 'plain');
    expect(new HitGuard(undefined, undefined, undefined).canActivate(context)).toBe(true);
    const registry = { find: () => undefined } as never;
    const rpc = { ...context, getType: () => 'rpc' } as ExecutionContext;
    expect(new HitGuard(registry, undefined, undefined).canActivate(rpc)).toBe(true);
  });
});
