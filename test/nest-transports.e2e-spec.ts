import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Controller, type ExecutionContext, Get, type INestApplication, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import {
  Args,
  GraphQLModule,
  Int,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ObjectType,
  Field,
} from '@nestjs/graphql';
import { ClientProxyFactory, EventPattern, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { AddressInfo } from 'node:net';
import { CacheKey, CacheTTL } from 'nestjs-enhanced-cache/cache-manager';
import {
  Cacheable,
  CacheEvict,
  EnhancedCacheInterceptor,
  EnhancedCacheModule,
  EnhancedCacheService,
} from 'nestjs-enhanced-cache/lean';
import { firstValueFrom, from, toArray } from 'rxjs';
import request from 'supertest';
import { WebSocket } from 'ws';

/** How often each handler ran. */
const runs: Record<string, number> = {};
const count = (name: string): number => (runs[name] = (runs[name] ?? 0) + 1);

@ObjectType()
class City {
  @Field(() => Int) id!: number;
  @Field(() => Int) run!: number;
}

@Resolver(() => City)
class CityResolver {
  @Query(() => City)
  @Cacheable({ ttl: 60, tags: ['city:{id}'] })
  async city(@Args('id', { type: () => Int }) id: number): Promise<City> {
    return { id, run: count('city') };
  }

  @Query(() => Int)
  bare(): number {
    return count('bare');
  }

  @Mutation(() => Int)
  @CacheEvict({ tags: ['city:{id}'] })
  async rename(@Args('id', { type: () => Int }) id: number): Promise<number> {
    return id;
  }

  @ResolveField(() => Int)
  @Cacheable({ ttl: 60, key: (city: City) => `size:${city.id}` })
  async size(@Parent() city: City): Promise<number> {
    return city.id * 1000 + count('size');
  }
}

@Controller()
class MessagesController {
  @Get('plain')
  plain(): object {
    return { run: count('plain') };
  }

  @MessagePattern('sum')
  @Cacheable({ ttl: 60, tags: ['sums'] })
  async sum(@Payload() numbers: number[]) {
    return { sum: numbers.reduce((a, b) => a + b, 0), run: count('sum') };
  }

  @MessagePattern('stream')
  @Cacheable({ ttl: 60 })
  stream() {
    count('stream');
    return from([1, 2, 3]) as never;
  }

  @MessagePattern('bare')
  bareMessage(): number {
    return count('bareMessage');
  }

  @MessagePattern('keyed')
  @CacheKey((context: ExecutionContext) => `keyed:${context.switchToRpc().getData<{ id: number }>().id}`)
  @CacheTTL(60_000)
  keyedMessage(): number {
    return count('keyedMessage');
  }

  @EventPattern('changed')
  @CacheEvict({ tags: ['sums'] })
  async changed(@Payload() _data: unknown): Promise<void> {
    count('changed');
  }
}

@WebSocketGateway()
class Gateway {
  @SubscribeMessage('login')
  async login(@ConnectedSocket() client: { user?: unknown }, @MessageBody() name: string) {
    client.user = { id: name };
    return { event: 'login', data: name };
  }

  @SubscribeMessage('mine')
  @Cacheable({ ttl: 60 })
  async mine(@MessageBody() data: unknown) {
    return { event: 'mine', data: { data, run: count('mine') } };
  }

  @SubscribeMessage('public')
  @Cacheable({ ttl: 60, shared: true, key: 'public:{topic}' })
  async public(@MessageBody() { topic }: { topic: string }) {
    return { event: 'public', data: { topic, run: count('public') } };
  }

  @SubscribeMessage('keyed')
  @CacheKey('keyed socket')
  keyedSocket() {
    return { event: 'keyed', data: count('keyedSocket') };
  }

  @SubscribeMessage('bare')
  bareSocket() {
    return { event: 'bare', data: count('bareSocket') };
  }
}

@Module({
  imports: [
    EnhancedCacheModule.forRoot(),
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      fieldResolverEnhancers: ['interceptors', 'guards'],
    }),
  ],
  controllers: [MessagesController],
  // Applied to everything that the app answers, by whatever way it is asked.
  providers: [CityResolver, Gateway, { provide: APP_INTERCEPTOR, useClass: EnhancedCacheInterceptor }],
})
class TransportsModule {}

describe('one app with servers of each kind, and the interceptor on all of them', () => {
  let app: INestApplication;
  let cache: EnhancedCacheService;
  let tcpPort: number;

  beforeAll(async () => {
    const module = await Test.createTestingModule({ imports: [TransportsModule] }).compile();
    app = module.createNestApplication({ logger: false });
    app.useWebSocketAdapter(new WsAdapter(app));
    const tcp = app.connectMicroservice(
      { transport: Transport.TCP, options: { port: 0, host: '127.0.0.1' } },
      { inheritAppConfig: true },
    );
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    tcpPort = (tcp.unwrap<{ address(): AddressInfo }>().address() as AddressInfo).port;
    cache = app.get(EnhancedCacheService);
  });
  beforeEach(async () => {
    for (const name of Object.keys(runs)) delete runs[name];
    await cache.clear();
  });
  afterAll(() => app.close());

  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await request(await app.getUrl())
      .post('/graphql')
      .set(headers)
      .send({ query });
    expect(answer.body.errors).toBeUndefined();
    return answer.body.data;
  };

  it('GraphQL: caches queries by their arguments and callers, and evicts after mutations', async () => {
    expect(await ask('{ city(id: 1) { id run } }')).toEqual({ city: { id: 1, run: 1 } });
    expect(await ask('{ city(id: 1) { run } }')).toEqual({ city: { run: 1 } });
    expect(await ask('{ city(id: 2) { run } }')).toEqual({ city: { run: 2 } });
    expect(await ask('{ city(id: 1) { run } }', { authorization: 'bob' })).toEqual({ city: { run: 3 } });
    await ask('mutation { rename(id: 1) }');
    expect(await ask('{ city(id: 1) { run } }')).toEqual({ city: { run: 4 } });
    expect(await ask('{ city(id: 2) { run } }')).toEqual({ city: { run: 2 } });
  });

  it('GraphQL: caches field resolvers, and leaves alone what nobody decorated', async () => {
    expect(await ask('{ city(id: 1) { size } }')).toEqual({ city: { size: 1001 } });
    expect(await ask('{ city(id: 1) { size } a: bare b: bare }')).toEqual({ city: { size: 1001 }, a: 1, b: 2 });
    expect(runs).toMatchObject({ size: 1, bare: 2 });
  });

  it('RPC: caches by the payload, evicts by events, and passes streams on', async () => {
    const client = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { port: tcpPort, host: '127.0.0.1' },
    });
    const send = (pattern: string, data: unknown) => firstValueFrom(client.send(pattern, data).pipe(toArray()));
    const sums = await Promise.all([send('sum', [1, 2]), send('sum', [1, 2])]);
    expect(sums).toEqual([[{ sum: 3, run: 1 }], [{ sum: 3, run: 1 }]]);
    expect(await send('sum', [1, 3])).toEqual([{ sum: 4, run: 2 }]);
    await firstValueFrom(client.emit('changed', {}), { defaultValue: undefined });
    while (!runs['changed'] || (await cache.getEntriesByTag('sums')).length > 0) await new Promise(setImmediate);
    expect(await send('sum', [1, 2])).toEqual([{ sum: 3, run: 3 }]);
    for (const run of [1, 2]) {
      expect(await send('stream', {})).toEqual([1, 2, 3]);
      expect(await send('bare', {})).toEqual([run]);
    }
    expect(runs).toMatchObject({ stream: 2, bareMessage: 2 });
    const keyed = [];
    for (const id of [1, 1, 2]) keyed.push(...(await send('keyed', { id })));
    expect(keyed).toEqual([1, 1, 2]);
    expect(await cache.ttl('keyed:1')).toBeGreaterThan(50);
    await client.close();
  });

  it('WebSockets: keeps connections apart, knows users, and shares what is declared the same for all', async () => {
    const url = (await app.getUrl()).replace('http', 'ws');
    const connect = async () => {
      const socket = new WebSocket(url);
      await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
      const send = (event: string, data: unknown) =>
        new Promise<unknown>((resolve) => {
          socket.once('message', (text) => resolve((JSON.parse(String(text)) as { data: unknown }).data));
          socket.send(JSON.stringify({ event, data }));
        });
      return { socket, send };
    };
    const [one, two] = [await connect(), await connect()];
    expect(await one.send('mine', { q: 1 })).toEqual({ data: { q: 1 }, run: 1 });
    expect(await one.send('mine', { q: 1 })).toEqual({ data: { q: 1 }, run: 1 });
    expect(await two.send('mine', { q: 1 })).toEqual({ data: { q: 1 }, run: 2 });
    for (const { send } of [one, two]) await send('login', 'alice');
    expect(await one.send('mine', { q: 1 })).toMatchObject({ run: 3 });
    expect(await two.send('mine', { q: 1 })).toMatchObject({ run: 3 });
    await two.send('login', 'bob');
    expect(await two.send('mine', { q: 1 })).toMatchObject({ run: 4 });
    expect(await one.send('public', { topic: 'a' })).toEqual({ topic: 'a', run: 1 });
    expect(await two.send('public', { topic: 'a' })).toEqual({ topic: 'a', run: 1 });
    expect([await one.send('bare', 0), await one.send('bare', 0)]).toEqual([1, 2]);
    expect([await one.send('keyed', 1), await one.send('keyed', 2), await two.send('keyed', 1)]).toEqual([1, 1, 2]);
    for (const { socket } of [one, two]) socket.terminate();
  });

  it('HTTP: caches what nobody decorated, as the interceptor was applied to all', async () => {
    for (let i = 0; i < 2; i++)
      await request(await app.getUrl())
        .get('/plain')
        .expect(200, { run: 1 });
  });
});
