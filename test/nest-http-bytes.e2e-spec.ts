import {
  type CallHandler,
  ClassSerializerInterceptor,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  type INestApplication,
  type NestInterceptor,
  Param,
  Res,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Exclude, Expose } from 'class-transformer';
import { request as httpRequest } from 'node:http';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import {
  Cacheable,
  EnhancedCacheInterceptor,
  EnhancedCacheModule,
  EnhancedCacheService,
} from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { map, type Observable } from 'rxjs';
import { PLATFORMS, startApp, type TestApp } from './support/platforms.js';
import type { Reply } from './support/table.controllers.js';

class Account {
  @Exclude() readonly password = 'secret';
  constructor(readonly name: string) {}
  @Expose() get initial(): string {
    return this.name[0];
  }
}

const VALUES: Readonly<Record<string, () => unknown>> = {
  object: () => ({ a: 1, text: 'grüße <b>&amp;</b> 🙂', nested: { list: [1, null, true], none: undefined } }),
  array: () => [1, 'two', { three: 3 }],
  empty: () => [],
  text: () => 'plain text, grüße',
  'empty-text': () => '',
  number: () => 42.5,
  zero: () => 0,
  boolean: () => false,
  null: () => null,
  buffer: () => Buffer.from('bytes \xff', 'latin1'),
  view: () => new Uint8Array([1, 2, 255]),
  date: () => new Date(Date.UTC(2026, 0, 1)),
  'to-json': () => ({ toJSON: () => ({ own: 'form' }) }),
  instance: () => new Account('bob'),
  instances: () => ({ accounts: [new Account('bob'), new Account('eve')] }),
  large: () => ({ lines: Array.from({ length: 400 }, (_, i) => `line ${i} of some repeating text`) }),
};

/** Each route twice, once cached and once as Nest does it alone. */
@Controller()
class TwinController {
  @Get('cached/value/:name')
  @Cacheable({ ttl: 60, shared: true })
  async cached(@Param('name') name: string): Promise<unknown> {
    return VALUES[name]();
  }

  @Get('plain/value/:name')
  async plain(@Param('name') name: string): Promise<unknown> {
    return VALUES[name]();
  }

  @Get('cached/typed/:name')
  @HttpCode(203)
  @Header('X-Static', 'yes')
  @Cacheable({ ttl: 60, shared: true })
  async cachedTyped(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return typed(name, reply);
  }

  @Get('plain/typed/:name')
  @HttpCode(203)
  @Header('X-Static', 'yes')
  async plainTyped(@Param('name') name: string, @Res({ passthrough: true }) reply: Reply): Promise<unknown> {
    return typed(name, reply);
  }
}

const TYPES: Readonly<Record<string, readonly [type: string, body: unknown]>> = {
  csv: ['text/csv', 'a,b\n1,2'],
  latin: ['text/plain; charset=iso-8859-1', 'grüße'],
  problem: ['application/problem+json', { title: 'not so bad' }],
  flowed: ['text/plain; format=flowed; charset=utf-8', 'text'],
  html: ['text/html', '<p>hello</p>'],
};

function typed(name: string, reply: Reply): unknown {
  const [type, body] = TYPES[name];
  reply.header('Content-Type', type);
  reply.header('X-Dynamic', `for ${name}`);
  return body;
}

class Envelope implements NestInterceptor {
  static runs = 0;
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    Envelope.runs++;
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

/** What comes over the wire, as nothing has unpacked it. */
function get(url: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: { ...response.headers }, body: Buffer.concat(chunks) }),
      );
    });
    asked.on('error', reject).end();
  });
}

/** Headers of the cache, and those that differ from one message to the next. */
const OWN_HEADERS = ['x-cache', 'age', 'etag', 'date', 'connection', 'keep-alive', 'vary'];

function comparable({ status, headers, body }: RawAnswer): unknown {
  const kept = Object.entries(headers).filter(([name]) => !OWN_HEADERS.includes(name));
  return { status, headers: Object.fromEntries(kept), body: body.toString('latin1') };
}

const SETUPS: readonly [string, (app: INestApplication) => void][] = [
  ['no interceptors', () => undefined],
  [
    'a serializer and an envelope around',
    (app) => app.useGlobalInterceptors(new Envelope(), new ClassSerializerInterceptor(app.get(Reflector))),
  ],
];

describe.each(PLATFORMS)('the bytes of a response on %s', (platform) => {
  describe.each(SETUPS)('with %s', (_setup, configure) => {
    let target: TestApp;
    let base: string;

    beforeAll(async () => {
      const metadata = { imports: [EnhancedCacheModule.forRoot()], controllers: [TwinController] };
      target = await startApp(platform, metadata, { configure });
      base = await target.app.getUrl();
    });
    afterAll(() => target.close());

    const twins = async (path: string): Promise<void> => {
      const plain = comparable(await get(`${base}/plain/${path}`));
      const miss = await get(`${base}/cached/${path}`);
      const hit = await get(`${base}/cached/${path}`);
      // Fastify refuses to send an object as CSV.
      const isSendable = (plain as { status: number }).status < 500;
      expect([miss.headers['x-cache'], hit.headers['x-cache']]).toEqual(
        isSendable ? ['MISS', 'HIT'] : ['BYPASS', 'BYPASS'],
      );
      expect(comparable(miss)).toEqual(plain);
      expect(comparable(hit)).toEqual(plain);
      expect(hit.headers['etag']).toBe(miss.headers['etag']);
      if (isSendable) expect(hit.headers['date']).toBe(miss.headers['date']);
    };

    it.each(Object.keys(VALUES))('are those of Nest, on a miss and on a hit: %s', (name) => twins(`value/${name}`));
    it.each(Object.keys(TYPES))('come with the type that the handler sets: %s', (name) => twins(`typed/${name}`));
  });

  it('are those of the settings of the app', async () => {
    if (platform !== 'express') return;
    const target = await startApp(
      platform,
      { imports: [EnhancedCacheModule.forRoot()], controllers: [TwinController] },
      {
        configure: (app) => {
          const instance = app.getHttpAdapter().getInstance() as { set(name: string, value: unknown): void };
          instance.set('json spaces', 2);
          instance.set('json escape', true);
          instance.set('json replacer', (key: string, value: unknown) => (key === 'a' ? 'replaced' : value));
        },
      },
    );
    const base = await target.app.getUrl();
    const plain = comparable(await get(`${base}/plain/value/object`));
    expect(comparable(await get(`${base}/cached/value/object`))).toEqual(plain);
    expect(comparable(await get(`${base}/cached/value/object`))).toEqual(plain);
    await target.close();
  });

  it('need no interceptor to run again on a hit', async () => {
    Envelope.runs = 0;
    const target = await startApp(
      platform,
      { imports: [EnhancedCacheModule.forRoot()], controllers: [TwinController] },
      { configure: (app) => app.useGlobalInterceptors(new Envelope()) },
    );
    const url = `${await target.app.getUrl()}/cached/value/object`;
    for (let i = 0; i < 3; i++) expect(JSON.parse(String((await get(url)).body))).toHaveProperty('data.a', 1);
    expect(Envelope.runs).toBe(1);
    await target.close();
  });

  it('are what the interceptors of a controller made of them, in whatever order they were applied', async () => {
    @Controller('enveloped')
    @UseInterceptors(Envelope, EnhancedCacheInterceptor)
    class EnvelopedController {
      runs = 0;
      @Get('bare') bare(): object {
        return { run: ++this.runs };
      }
      @Get('ruled')
      @UseInterceptors(Envelope)
      @Cacheable({ ttl: 60 })
      async ruled() {
        return { run: ++this.runs };
      }
    }
    const target = await startApp(platform, {
      imports: [EnhancedCacheModule.forRoot()],
      controllers: [EnvelopedController],
    });
    const base = await target.app.getUrl();
    for (const [path, run] of [
      ['bare', { data: { run: 1 } }],
      ['ruled', { data: { data: { run: 2 } } }],
    ] as const) {
      for (const outcome of ['MISS', 'HIT']) {
        const { headers, body } = await get(`${base}/enveloped/${path}`);
        expect([headers['x-cache'], JSON.parse(String(body))]).toEqual([outcome, run]);
      }
    }
    await target.close();
  });
});

describe.each(PLATFORMS)('content codings on %s', (platform) => {
  const clock = new FakeClock();
  let target: TestApp;
  let base: string;
  let cache: EnhancedCacheService;

  beforeEach(async () => {
    target = await startApp(platform, {
      imports: [EnhancedCacheModule.forRoot({ clock })],
      controllers: [TwinController],
    });
    base = await target.app.getUrl();
    cache = target.app.get(EnhancedCacheService);
  });
  afterEach(() => target.close());

  /** Asks until the coded form is there: it is made behind the first hit that wants it. */
  const coded = async (path: string, acceptEncoding: string): Promise<RawAnswer> => {
    for (;;) {
      const answer = await get(`${base}/cached/value/${path}`, { 'accept-encoding': acceptEncoding });
      if (answer.headers['content-encoding'] !== undefined) return answer;
      await new Promise(setImmediate);
    }
  };

  it.each([
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
  ])('makes one for clients that accept %s, once, and keeps it', async (accepted, coding, unpack) => {
    const plain = await get(`${base}/cached/value/large`);
    const before = cache.getMemoryUsage().memoryUsageBytes;
    const answer = await coded('large', accepted);
    expect(answer.headers['content-encoding']).toBe(coding);
    expect(unpack(answer.body).equals(plain.body)).toBe(true);
    expect(Number(answer.headers['content-length'])).toBe(answer.body.byteLength);
    expect(answer.body.byteLength).toBeLessThan(plain.body.byteLength / 2);
    expect([plain.headers['vary'], answer.headers['vary']]).toEqual(['accept-encoding', 'accept-encoding']);
    // Counted: the coded body and what holds it.
    const growth = cache.getMemoryUsage().memoryUsageBytes - before;
    expect(growth).toBeGreaterThanOrEqual(answer.body.byteLength);
    expect(growth).toBeLessThan(answer.body.byteLength + 1000);
    expect(cache.verifyAccounting()).toEqual([]);
    const again = await get(`${base}/cached/value/large`, { 'accept-encoding': accepted });
    expect(again.body.equals(answer.body)).toBe(true);
    expect(cache.getMemoryUsage().memoryUsageBytes - before).toBe(growth);
  });

  it('gives the plain form to those who accept no other', async () => {
    await get(`${base}/cached/value/large`);
    await coded('large', 'gzip');
    const plain = await get(`${base}/cached/value/large`, { 'accept-encoding': 'deflate' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(JSON.parse(String(plain.body))).toHaveProperty('lines');
  });

  it('tags each form by itself, and answers 304 by any of them', async () => {
    const { headers } = await get(`${base}/cached/value/large`);
    const answer = await coded('large', 'gzip');
    expect(answer.headers['etag']).not.toBe(headers['etag']);
    for (const etag of [headers['etag'], answer.headers['etag']]) {
      const unchanged = await get(`${base}/cached/value/large`, {
        'accept-encoding': 'gzip',
        'if-none-match': String(etag),
      });
      expect([unchanged.status, unchanged.body.byteLength]).toEqual([304, 0]);
      expect(unchanged.headers['content-encoding']).toBeUndefined();
      expect(unchanged.headers['content-type']).toBeUndefined();
      expect(unchanged.headers['vary']).toBe('accept-encoding');
      expect(unchanged.headers).toHaveProperty('date');
    }
  });

  it('leaves small bodies and what belongs to single users alone', async () => {
    for (const path of ['cached/value/object', 'cached/value/text']) {
      for (let i = 0; i < 3; i++) {
        const answer = await get(`${base}/${path}`, { 'accept-encoding': 'gzip' });
        expect(answer.headers['content-encoding']).toBeUndefined();
        await new Promise(setImmediate);
      }
    }
  });

  it('loses the coded form with the entry', async () => {
    await get(`${base}/cached/value/large`);
    await coded('large', 'gzip');
    await cache.clear();
    const answer = await get(`${base}/cached/value/large`, { 'accept-encoding': 'gzip' });
    expect([answer.headers['x-cache'], answer.headers['content-encoding']]).toEqual(['MISS', undefined]);
    expect(cache.getMemoryUsage().totalEntries).toBe(1);
  });

  it('answers HEAD with the headers of the form that GET would get', async () => {
    await get(`${base}/cached/value/large`);
    const answer = await coded('large', 'gzip');
    const head = await target.http().head('/cached/value/large').set('accept-encoding', 'gzip').buffer(false);
    expect(head.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-length': answer.headers['content-length'],
      etag: answer.headers['etag'],
      'x-cache': 'HIT',
    });
  });
});
