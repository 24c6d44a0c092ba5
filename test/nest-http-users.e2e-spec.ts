import { Controller, Get, Param, Req } from '@nestjs/common';
import inject from 'light-my-request';
import type { RequestListener } from 'node:http';
import { Cacheable, EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { PLATFORMS, type PlatformName, startApp, type TestApp } from './support/platforms.js';

const USERS = 50;
const RESOURCES = 8;
/** Of each platform. */
const REQUESTS = 50_000;
const IN_FLIGHT = 64;

interface CallerRequest {
  readonly headers: Record<string, string | undefined>;
  user?: { id: string };
}

/** Who asks, as the handler knows it. */
function callerOf({ user, headers }: CallerRequest): string {
  return user?.id ?? headers.authorization ?? headers.cookie ?? 'nobody';
}

@Controller('things')
class ThingsController {
  static runs = 0;

  @Get(':id')
  @Cacheable({ ttl: 60, tags: ['thing:{id}'], maxVariants: 1400 })
  async find(@Param('id') id: string, @Req() request: CallerRequest) {
    ThingsController.runs++;
    // Every third resource takes its time, so that loads overlap with evictions and with each other.
    for (let turns = Number(id) % 3 === 0 ? 3 : 0; turns > 0; turns--) await new Promise(setImmediate);
    return { owner: callerOf(request), id };
  }

  @Get('by-key/:id')
  @Cacheable({ ttl: 60, key: 'thing:{id}' })
  async byKey(@Param('id') id: string, @Req() request: CallerRequest) {
    ThingsController.runs++;
    await new Promise(setImmediate);
    return { owner: callerOf(request), id };
  }
}

/** A small generator of pseudo-random numbers below `n` (mulberry32), so that a failure can be run again. */
function randomBelow(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/** The app as a function of request and response, without a socket between. */
async function listenerOf({ app }: TestApp, platform: PlatformName): Promise<RequestListener> {
  const instance = app.getHttpAdapter().getInstance() as { routing: RequestListener };
  if (platform === 'express') return instance as unknown as RequestListener;
  await (instance as unknown as { ready(): PromiseLike<unknown> }).ready();
  return instance.routing;
}

describe.each(PLATFORMS)('many users at once on %s', (platform) => {
  let target: TestApp;

  beforeAll(async () => {
    target = await startApp(
      platform,
      {
        // Too small for all, so that entries of every user are evicted all the time.
        imports: [EnhancedCacheModule.forRoot({ maxSize: 1400, evictionPolicy: 'lru' })],
        controllers: [ThingsController],
      },
      { configure: (app) => app.useGlobalGuards({ canActivate: recognise }) },
    );
  });
  afterAll(() => target.close());

  it('never shows one of them what another one got', async () => {
    ThingsController.runs = 0;
    const random = randomBelow(20_261_126);
    const listener = await listenerOf(target, platform);
    const cache = target.app.get(EnhancedCacheService);
    const wrong: string[] = [];
    let begun = 0;
    let answered = 0;

    const asker = async (): Promise<void> => {
      while (begun++ < REQUESTS) {
        const user = `user-${random(USERS)}`;
        const headers = [{ authorization: user }, { cookie: user }, { 'x-user': user, authorization: `${random(9)}` }];
        const url = random(4) === 0 ? `/things/by-key/${random(RESOURCES)}` : `/things/${random(RESOURCES)}`;
        const { statusCode, payload } = await inject(listener, { method: 'GET', url, headers: headers[random(3)] });
        if (statusCode !== 200 || (JSON.parse(payload) as { owner: string }).owner !== user) wrong.push(payload);
        answered++;
        const chance = random(10_000);
        if (chance < 20) await cache.deleteByTags([`thing:${random(RESOURCES)}`]);
        else if (chance === 20) await cache.clear();
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, asker));

    expect(wrong).toEqual([]);
    expect(answered).toBe(REQUESTS);
    // It was a cache that answered: most requests ran no handler, and entries were evicted.
    const { hits, evictions } = cache.getStats();
    expect(ThingsController.runs).toBeLessThan(REQUESTS / 2);
    expect(hits).toBeGreaterThan(REQUESTS / 3);
    expect(evictions).toBeGreaterThan(1000);
    expect(cache.verifyAccounting()).toEqual([]);
  }, 300_000);
});

/** Verifies a third of the callers, as a guard would by a token. */
function recognise(context: { switchToHttp(): { getRequest(): CallerRequest } }): boolean {
  const request = context.switchToHttp().getRequest();
  const id = request.headers['x-user'];
  if (id !== undefined) request.user = { id };
  return true;
}
