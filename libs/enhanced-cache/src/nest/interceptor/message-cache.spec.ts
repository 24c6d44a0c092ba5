import { jest } from '@jest/globals';
import { type CallHandler, type ExecutionContext, Logger } from '@nestjs/common';
import { type ModuleRef, Reflector } from '@nestjs/core';
import { from, lastValueFrom, of, toArray } from 'rxjs';
import { CacheInterceptor } from '../../cache-manager/cache.interceptor.js';
import { CacheKey } from '../../cache-manager/cache-decorators.js';
import { CacheRegistry } from '../cache-registry.js';
import { Cacheable } from '../decorators/cacheable.decorator.js';
import { CacheEvict } from '../decorators/cache-evict.decorator.js';
import type { CacheableOptions } from '../decorators/decorator-options.js';
import { EnhancedCacheService } from '../enhanced-cache.service.js';
import { NestMetadata } from '../nest-metadata.js';
import { EnhancedCacheInterceptor } from './enhanced-cache.interceptor.js';

/** Handlers as the GraphQL and microservice packages mark them, called as those packages call interceptors. */
describe('caching of GraphQL and RPC handlers', () => {
  let cache: EnhancedCacheService;
  let interceptor: EnhancedCacheInterceptor;
  let runs: number;

  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    runs = 0;
    cache = new EnhancedCacheService();
    const registry = new CacheRegistry({ get: () => cache } as unknown as ModuleRef);
    registry.claim(undefined);
    interceptor = Object.assign(new EnhancedCacheInterceptor(), { registry });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    return cache.close();
  });

  function handler(metadata: string, options: CacheableOptions = {}, answer: () => unknown = () => ++runs) {
    class Handlers {
      @Cacheable(options)
      async run() {
        return answer();
      }
    }
    Reflect.defineMetadata(metadata, 'x', Handlers.prototype.run);
    return async (type: string, args: unknown[]) => {
      const instance = new Handlers();
      const context = {
        getType: () => type,
        getClass: () => Handlers,
        getHandler: () => Handlers.prototype.run,
        getArgs: () => args,
      } as unknown as ExecutionContext;
      const next: CallHandler = { handle: () => from(instance.run()) };
      return lastValueFrom((await interceptor.intercept(context, next)).pipe(toArray()));
    };
  }

  it('keys WebSockets by the payload and by the user, the credentials or the connection', async () => {
    const call = handler(NestMetadata.WS_MESSAGE);
    const [one, two] = [{}, {}];
    const asked = [one, one, two, { user: { id: 1 } }, { data: { user: { id: 1 } } }];
    const seen = [];
    for (const client of asked) seen.push((await call('ws', [client, { q: 1 }]))[0]);
    expect(seen).toEqual([1, 1, 2, 3, 3]);
    const headers = { handshake: { headers: { authorization: 'bob' } } };
    expect([await call('ws', [headers, 1]), await call('ws', [{ ...headers }, 1]), await call('ws', [one, 1])]).toEqual(
      [[4], [4], [5]],
    );
    const shared = handler(NestMetadata.WS_MESSAGE, { shared: true });
    expect([await shared('ws', [one, 1]), await shared('ws', [two, 1])]).toEqual([[6], [6]]);
  });

  it('keys RPC by the payload', async () => {
    const call = handler(NestMetadata.RPC_PATTERN);
    const connection = { socket: () => 1 };
    expect([await call('rpc', [{ a: 1, b: 2 }, connection]), await call('rpc', [{ b: 2, a: 1 }, connection])]).toEqual([
      [1],
      [1],
    ]);
    expect(await call('rpc', [{ a: 2 }, connection])).toEqual([2]);
  });

  it('keys GraphQL by root, arguments and who asks', async () => {
    const call = handler(NestMetadata.GRAPHQL_TYPE);
    const context = (user?: object, headers = {}) => ({ req: { headers, user } });
    const info = { schema: () => 1 };
    expect(await call('graphql', [undefined, { id: 1 }, context(), info])).toEqual([1]);
    expect(await call('graphql', [undefined, { id: 1 }, context(), info])).toEqual([1]);
    expect(await call('graphql', [undefined, { id: 2 }, context(), info])).toEqual([2]);
    expect(await call('graphql', [{ parent: 1 }, { id: 1 }, context(), info])).toEqual([3]);
    expect(await call('graphql', [undefined, { id: 1 }, context({ id: 'bob' }), info])).toEqual([4]);
    expect(await call('graphql', [undefined, { id: 1 }, context(undefined, { cookie: 'c' }), info])).toEqual([5]);
    expect(await call('graphql', [undefined, { id: 1 }, context({ id: 'bob' }), info])).toEqual([4]);
  });

  it('takes templates over payload and arguments', async () => {
    const call = handler(NestMetadata.GRAPHQL_TYPE, { key: 'city:{id}', shared: true });
    await call('graphql', [undefined, { id: 7 }, { req: { user: { id: 1 } } }, {}]);
    expect(await cache.get('city:7')).toBe(1);
  });

  it('runs uncached where there is no key, instead of failing', async () => {
    const call = handler(NestMetadata.RPC_PATTERN);
    const payload = { onDone: () => 1 };
    expect([await call('rpc', [payload]), await call('rpc', [payload])]).toEqual([[1], [2]]);
  });

  it('passes streams on as they are', async () => {
    const call = handler(NestMetadata.RPC_PATTERN, {}, () => async function* () {}.call(undefined));
    expect(await call('rpc', [1])).toHaveLength(1);
    expect(cache.getStats().sets).toBe(0);
  });

  it('passes Observables on, with all their values, from the first call', async () => {
    class Handlers {
      @Cacheable()
      watch(): Promise<number> {
        runs++;
        return of(1, 2, 3) as unknown as Promise<number>;
      }
    }
    Reflect.defineMetadata(NestMetadata.RPC_PATTERN, 'x', Handlers.prototype.watch);
    const handle = (): ReturnType<CallHandler['handle']> => new Handlers().watch() as never;
    for (let i = 1; i <= 2; i++) {
      const context = {
        getType: () => 'rpc',
        getClass: () => Handlers,
        getHandler: () => Handlers.prototype.watch,
        getArgs: () => [1],
      } as unknown as ExecutionContext;
      const values = await lastValueFrom((await interceptor.intercept(context, { handle })).pipe(toArray()));
      expect([values, runs]).toEqual([[1, 2, 3], i]);
    }
    expect(cache.getStats().sets).toBe(0);
  });

  it('caches by @CacheKey() alone, asks no subclass about other messages, and loses no value of a stream', async () => {
    const asked: unknown[] = [];
    class Tracking extends CacheInterceptor {
      protected override trackBy(context: ExecutionContext) {
        asked.push(context.getHandler().name);
        return super.trackBy(context);
      }
    }
    class Handlers {
      @CacheKey('one') keyed() {
        return of(++runs);
      }
      @CacheKey('many') stream() {
        return of(++runs, 0);
      }
      bare() {
        return of(++runs);
      }
    }
    const registry = new CacheRegistry({ get: () => cache } as unknown as ModuleRef);
    registry.claim(undefined);
    const tracking = new Tracking({} as never, new Reflector());
    Reflect.set(tracking, 'registry', registry);
    const args = [{}, 1];
    const seen: Record<string, unknown[]> = {};
    for (const name of ['keyed', 'stream', 'bare'] as const) {
      const run = Handlers.prototype[name];
      Reflect.defineMetadata(NestMetadata.WS_MESSAGE, 'x', run);
      const call = async () => {
        const context = { getType: () => 'ws', getClass: () => Handlers, getHandler: () => run, getArgs: () => args };
        const answer = await tracking.intercept(context as unknown as ExecutionContext, { handle: run });
        return lastValueFrom(answer.pipe(toArray()));
      };
      seen[name] = [await call(), await call()];
    }
    expect(seen).toEqual({
      keyed: [[1], [1]],
      stream: [
        [2, 0],
        [3, 0],
      ],
      bare: [[4], [5]],
    });
    expect(new Set(asked)).toEqual(new Set(['keyed', 'stream']));
  });

  it('passes WebSocket messages through', async () => {
    const call = handler(NestMetadata.WS_MESSAGE);
    expect([await call('ws', [1]), await call('ws', [1])]).toEqual([[1], [2]]);
  });

  it('evicts after an RPC handler succeeded', async () => {
    class Handlers {
      @CacheEvict({ keys: ['city:{id}'] })
      async remove() {
        return 1;
      }
    }
    Reflect.defineMetadata(NestMetadata.RPC_PATTERN, 'x', Handlers.prototype.remove);
    await cache.set('city:7', 1);
    const context = {
      getType: () => 'rpc',
      getClass: () => Handlers,
      getHandler: () => Handlers.prototype.remove,
      getArgs: () => [{ id: 7 }],
    } as unknown as ExecutionContext;
    await interceptor.intercept(context, { handle: () => from(new Handlers().remove()) });
    expect(await cache.has('city:7')).toBe(false);
  });
});
