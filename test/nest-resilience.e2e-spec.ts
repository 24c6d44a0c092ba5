import { Controller, Get, Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { Cacheable, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { PLATFORMS, startApp, type TestApp } from './support/platforms.js';

/** A source that can be down or hang. */
@Injectable()
class Source {
  calls = 0;
  isDown = false;
  hangs = false;

  async ask(): Promise<number> {
    this.calls++;
    if (this.hangs) await new Promise(() => undefined);
    if (this.isDown) throw new ServiceUnavailableException('the source is down');
    return this.calls;
  }
}

@Injectable()
class Rates {
  constructor(@Inject(Source) private readonly source: Source) {}

  @Cacheable({ ttl: '1m', jitter: 0, staleWhileRevalidate: '1m', staleIfError: '1h', errorBackoff: '10s' })
  async current(): Promise<number> {
    return this.source.ask();
  }
}

@Controller('rates')
class RatesController {
  constructor(
    @Inject(Source) private readonly source: Source,
    @Inject(Rates) private readonly rates: Rates,
  ) {}

  @Get('handler')
  @Cacheable({ ttl: '1m', jitter: 0, staleIfError: '1h', errorBackoff: '10s', staleWhileRevalidate: '1m' })
  async handler(): Promise<{ rate: number }> {
    return { rate: await this.source.ask() };
  }

  @Get('hanging')
  @Cacheable({ ttl: '1m', hardTimeout: '2s' })
  async hanging(): Promise<{ rate: number }> {
    return { rate: await this.source.ask() };
  }

  @Get('method')
  async method(): Promise<{ rate: number }> {
    return { rate: await this.rates.current() };
  }
}

describe.each(PLATFORMS)('a source in trouble behind @Cacheable on %s', (platform) => {
  let clock: FakeClock;
  let target: TestApp;
  let source: Source;

  beforeEach(async () => {
    clock = new FakeClock();
    target = await startApp(platform, {
      imports: [EnhancedCacheModule.forRoot({ clock })],
      controllers: [RatesController],
      providers: [Source, Rates],
    });
    source = target.app.get(Source);
  });
  afterEach(() => target.close());

  /** Waits until that many loads have ended behind their requests. */
  const renewals = async (count: number): Promise<void> => {
    const cache = target.app.get(EnhancedCacheService);
    while (cache.getStats().backgroundLoads < count) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const get = (path: string) => target.http().get(`/rates/${path}`);

  it('serves the kept response of a handler while the source is down, one attempt a back-off, and recovers', async () => {
    await get('handler').expect(200, { rate: 1 });
    source.isDown = true;
    clock.advance(61_000);
    for (let i = 0; i < 5; i++) {
      const stale = await get('handler').expect(200, { rate: 1 });
      expect(stale.headers['x-cache']).toBe('STALE');
      await renewals(1);
    }
    expect(source.calls).toBe(2);
    clock.advance(10_000);
    await get('handler').expect(200, { rate: 1 });
    await renewals(2);
    expect(source.calls).toBe(3);
    source.isDown = false;
    clock.advance(10_000);
    await get('handler').expect(200, { rate: 1 });
    await renewals(3);
    expect((await get('handler').expect(200, { rate: 4 })).headers['x-cache']).toBe('HIT');
  });

  it('lets the error of the source through when nothing may stand in any more', async () => {
    await get('handler').expect(200);
    source.isDown = true;
    clock.advance(60_000 + 3_600_000);
    await get('handler').expect(503);
  });

  it('has a response renewed behind the request that noticed its age', async () => {
    await get('handler').expect(200, { rate: 1 });
    clock.advance(61_000);
    const stale = await get('handler').expect(200, { rate: 1 });
    expect([stale.headers['x-cache'], stale.headers['age']]).toEqual(['STALE', '61']);
    await renewals(1);
    const renewed = await get('handler').expect(200, { rate: 2 });
    expect([renewed.headers['x-cache'], renewed.headers['age']]).toEqual(['HIT', '0']);
  });

  it('answers 504 when a handler hangs, and does not run it again', async () => {
    source.hangs = true;
    const answer = get('hanging').then(({ status }) => status);
    while (source.calls === 0) await new Promise((resolve) => setImmediate(resolve));
    clock.advance(2000);
    expect(await answer).toBe(504);
    expect(source.calls).toBe(1);
  });

  it('renews the result of a method behind the call that noticed', async () => {
    await get('method').expect(200, { rate: 1 });
    clock.advance(61_000);
    await get('method').expect(200, { rate: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    await get('method').expect(200, { rate: 2 });
    expect(target.app.get(EnhancedCacheService).getStats()).toMatchObject({ staleHits: 1, backgroundLoads: 1 });
  });
});

describe('options of @Cacheable', () => {
  it('are judged when the class is declared', () => {
    expect(() => Cacheable({ staleIfError: -1 })).toThrow('staleIfError: expected');
    expect(() => Cacheable({ earlyRefresh: 2 })).toThrow('earlyRefresh: expected');
  });
});
