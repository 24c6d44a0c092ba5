import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import type { EnhancedCacheOptions } from '../../src/engine/options/options.js';
import { FakeClock } from '../../src/engine/ports/fake-clock.js';
import { ControlledSource, settled } from '../support/controlled-source.js';
import { LoadingWorld, NOTHING_LEFT } from '../support/loading-world.js';

const KEYS = 10;
const BACKOFF_MS = 2000;
const OUTAGE_MS = 60_000;
const SOFT_TIMEOUT_MS = 100;

/** A cache with {@link KEYS} keys whose values have just stopped being fresh. */
async function staleCache(loading: EnhancedCacheOptions['loading']) {
  const clock = new FakeClock();
  const cache = new EnhancedCache({ clock, random: () => 0, loading });
  const keys = Array.from({ length: KEYS }, (_, i) => `k${i}`);
  for (const key of keys) await cache.getOrSet(key, () => 'old', 1);
  clock.advance(1000);
  return { clock, cache, keys };
}

describe('A source in trouble', () => {
  it('R2: 1,000 callers at once are one load, with no listener and nothing in flight left behind', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<string>();
    const controllers = Array.from({ length: 1000 }, () => new AbortController());
    const added = new Map<AbortSignal, number>();
    for (const { signal } of controllers) watchListeners(signal, added);
    const callers = controllers.map(({ signal }) => world.get('k', source.load, { signal }));
    expect(added.get(controllers[0].signal)).toBe(1);
    source.last.answer('value');
    expect(new Set(await Promise.all(callers))).toEqual(new Set(['value']));
    await settled();
    expect(source.calls).toHaveLength(1);
    expect([...added.values()].every((listeners) => listeners === 0)).toBe(true);
    expect([world.leftovers(), source.last.context.signal.aborted]).toEqual([NOTHING_LEFT, false]);
  });

  it('R2: 20 waiters on a source that fails are one call of it', async () => {
    const world = new LoadingWorld();
    const source = new ControlledSource<string>();
    const callers = Array.from({ length: 20 }, () => world.get('k', source.load));
    source.last.fail(new Error('down'));
    expect(new Set((await Promise.allSettled(callers)).map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect([source.calls.length, world.leftovers()]).toEqual([1, NOTHING_LEFT]);
  });

  it('is down for 60 s under 1,000 requests a second: no caller notices, one call a back-off and key, first success heals', async () => {
    const { clock, cache, keys } = await staleCache({ staleIfError: '5m', errorBackoff: BACKOFF_MS / 1000 });
    const calls = new Map<string, number[]>(keys.map((key) => [key, []]));
    const down = ({ key }: { key: string }): Promise<string> => {
      calls.get(key)?.push(clock.now());
      return Promise.reject(new Error('down'));
    };
    const answers = new Set<string>();
    for (let ms = 0; ms < OUTAGE_MS; ms++) {
      answers.add(await cache.getOrSet(keys[ms % KEYS], down));
      clock.advance(1);
    }
    expect([...answers]).toEqual(['old']);
    for (const times of calls.values()) {
      expect(times).toHaveLength(OUTAGE_MS / BACKOFF_MS);
      times.slice(1).forEach((at, i) => expect(at - times[i]).toBeGreaterThanOrEqual(BACKOFF_MS));
    }
    clock.advance(BACKOFF_MS);
    let recoveries = 0;
    const up = (): string => `new ${++recoveries}`;
    for (let i = 0; i < 1000; i++) await cache.getOrSet(keys[i % KEYS], up, 60);
    expect(recoveries).toBe(KEYS);
    expect(await cache.get(keys[0])).toMatch(/^new/);
  });

  it('hangs: every caller is answered within the soft timeout, and the source is asked once a key', async () => {
    const { clock, cache, keys } = await staleCache({ staleIfError: '5m', softTimeout: SOFT_TIMEOUT_MS / 1000 });
    const source = new ControlledSource<string>();
    const waits: number[] = [];
    const asked: Promise<unknown>[] = [];
    for (let ms = 0; ms < 2000; ms++) {
      const askedAt = clock.now();
      asked.push(cache.getOrSet(keys[ms % KEYS], source.load).then(() => waits.push(clock.now() - askedAt)));
      clock.advance(1);
      await settled();
    }
    for (let ms = 0; ms < SOFT_TIMEOUT_MS; ms++) {
      clock.advance(1);
      await settled();
    }
    expect(waits).toHaveLength(2000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(SOFT_TIMEOUT_MS);
    expect(source.calls).toHaveLength(KEYS);
    await Promise.all(asked);
  });

  it('R11: leaves no timer but the one sweep when all has ended', async () => {
    const { clock, cache } = await staleCache({ staleIfError: '5m', softTimeout: '100ms', hardTimeout: '1s' });
    expect(cache.getStats().loadTimeouts).toBe(0);
    expect(await cache.getOrSet('k0', () => Promise.reject(new Error('down')))).toBe('old');
    expect(await cache.getOrSet('k1', () => 'new', 60)).toBe('new');
    await settled();
    expect(clock.pendingTimers).toBe(1);
    await cache.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

/** Keeps count of the listeners on `signal`. */
function watchListeners(signal: AbortSignal, counts: Map<AbortSignal, number>): void {
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  const count = (by: number): unknown => counts.set(signal, (counts.get(signal) ?? 0) + by);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count(1);
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count(-1);
    remove(...args);
  };
}
