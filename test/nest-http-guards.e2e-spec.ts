import { jest } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Header,
  Injectable,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { Cacheable, EnhancedCacheInterceptor, EnhancedCacheModule } from 'nestjs-enhanced-cache/lean';
import { PLATFORMS, startApp, type TestApp, type TestAppOptions } from './support/platforms.js';

const ran: string[] = [];
const refusing = new Set<string>();

/** A guard that notes that it ran, and refuses while its name is in {@link refusing}. */
function guardNamed(name: string): CanActivate {
  return {
    canActivate: () => {
      ran.push(name);
      return !refusing.has(name);
    },
  };
}

@Injectable()
class InjectedGuard implements CanActivate {
  canActivate(): boolean {
    ran.push('injected');
    return !refusing.has('injected');
  }
}

const passing = {
  intercept: (_context: ExecutionContext, next: { handle(): never }) => {
    ran.push('interceptor');
    return next.handle();
  },
};

let made = 0;
const requests: WeakRef<object>[] = [];

@Controller()
@UseGuards(guardNamed('class'))
class GuardedController {
  @Get('guarded')
  @UseGuards(guardNamed('above'), InjectedGuard)
  @Cacheable({ ttl: 60, shared: true })
  @UseGuards(guardNamed('below'))
  @UseInterceptors(passing)
  async guarded() {
    ran.push('handler');
    return { ok: true };
  }

  @Get('headers')
  @Header('X-Fixed', 'always')
  @Cacheable({ ttl: 60, shared: true })
  async headers() {
    return {};
  }

  @Get('made-headers')
  @Header('X-Made', () => String(++made))
  @Cacheable({ ttl: 60, shared: true })
  async madeHeaders() {
    return {};
  }

  @Get('watched')
  @UseGuards({
    canActivate: (context: ExecutionContext) => {
      requests.push(new WeakRef(context.switchToHttp().getRequest<object>()));
      return true;
    },
  })
  @Cacheable({ ttl: 60, shared: true })
  async watched() {
    return {};
  }
}

/** Inherits handlers that it puts a guard of its own around. */
@Controller('sub')
@UseGuards(guardNamed('subclass'))
class SubController extends GuardedController {}

describe.each(PLATFORMS)('guards of cached handlers on %s', (platform) => {
  let target: TestApp;
  const start = async (options?: TestAppOptions): Promise<void> => {
    target = await startApp(
      platform,
      {
        imports: [EnhancedCacheModule.forRoot()],
        controllers: [GuardedController, SubController],
        providers: [InjectedGuard],
      },
      { configure: (app) => app.useGlobalGuards(guardNamed('global')), ...options },
    );
  };
  beforeEach(() => {
    ran.length = 0;
    refusing.clear();
  });
  afterEach(() => target.close());
  const get = (path: string) => target.http().get(path);

  it('all run on a hit, wherever they were applied, and nothing behind them does', async () => {
    await start();
    expect((await get('/guarded')).headers['x-cache']).toBe('MISS');
    expect(ran).toEqual(['global', 'class', 'below', 'above', 'injected', 'interceptor', 'handler']);
    ran.length = 0;
    const hit = await get('/guarded');
    expect([hit.status, hit.headers['x-cache'], hit.body]).toEqual([200, 'HIT', { ok: true }]);
    expect(ran).toEqual(['global', 'class', 'below', 'above', 'injected']);
  });

  it('are followed by that of the cache, which sends the hit: no interceptor is set up, not even that of the cache', async () => {
    const intercept = jest.spyOn(EnhancedCacheInterceptor.prototype, 'intercept');
    try {
      await start();
      await get('/guarded');
      expect(intercept).toHaveBeenCalledTimes(1);
      expect((await get('/guarded')).headers['x-cache']).toBe('HIT');
      expect(intercept).toHaveBeenCalledTimes(1);
    } finally {
      intercept.mockRestore();
    }
  });

  it.each(['global', 'class', 'below', 'above', 'injected'])('%s: what it refuses is no hit', async (name) => {
    await start();
    for (let i = 0; i < 2; i++) expect((await get('/guarded')).status).toBe(200);
    refusing.add(name);
    const refused = await get('/guarded');
    expect([refused.status, refused.headers['x-cache'], refused.body.ok]).toEqual([403, undefined, undefined]);
    refusing.clear();
    expect((await get('/guarded')).headers['x-cache']).toBe('HIT');
  });

  it('are those of the subclass for a handler that it inherits', async () => {
    await start();
    for (let i = 0; i < 2; i++) await get('/sub/guarded');
    expect((await get('/sub/guarded')).headers['x-cache']).toBe('HIT');
    refusing.add('subclass');
    expect((await get('/sub/guarded')).status).toBe(403);
    expect((await get('/guarded')).status).toBe(200);
  });

  it('work for each app of a process apart', async () => {
    await start();
    await get('/guarded');
    const other = target;
    await start({ configure: undefined });
    try {
      expect((await get('/guarded')).headers['x-cache']).toBe('MISS');
      expect((await other.http().get('/guarded')).headers['x-cache']).toBe('HIT');
    } finally {
      await other.close();
    }
  });

  it('send the headers of the handler with a hit, those that are made for each response anew', async () => {
    await start();
    const fixed = [await get('/headers'), await get('/headers'), await get('/headers')];
    expect(fixed.map(({ headers }) => [headers['x-fixed'], headers['x-cache']])).toEqual([
      ['always', 'MISS'],
      ['always', 'HIT'],
      ['always', 'HIT'],
    ]);
    const first = made + 1;
    const fresh = [await get('/made-headers'), await get('/made-headers')];
    expect(fresh.map(({ headers }) => [headers['x-made'], headers['x-cache']])).toEqual([
      [String(first), 'MISS'],
      [String(first + 1), 'HIT'],
    ]);
  });

  it('keep nothing of a request that was answered', async () => {
    await start();
    requests.length = 0;
    for (let i = 0; i < 20; i++) await get('/watched');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    for (let i = 0; i < 10; i++) {
      await setImmediate();
      collect();
    }
    expect(requests).toHaveLength(20);
    expect(requests.filter((request) => request.deref() !== undefined).length).toBeLessThan(5);
  });
});
