import { InvalidOptionsError } from '../errors.js';
import { type LoadingOptions, type LoadOptions, resolveLoad, resolveLoading } from './load-options.js';

const HOUR_MS = 3_600_000;
const DEFAULTS = resolveLoading();

describe('resolveLoading', () => {
  it('is off where nothing is said, but for a second of back-off, 5 % of jitter and a bound on the queue', () => {
    expect(resolveLoading({})).toEqual({
      staleWhileRevalidateMs: 0,
      staleIfErrorMs: 0,
      errorBackoffMs: 1000,
      softTimeoutMs: Infinity,
      hardTimeoutMs: Infinity,
      earlyRefresh: 0,
      jitter: 0.05,
      negativeTtlMs: undefined,
      maxConcurrentLoads: Infinity,
      maxQueuedLoads: 10_000,
    });
  });

  it('takes durations, and null for off', () => {
    const on = resolveLoading({ staleIfError: '5m', softTimeout: '250ms', hardTimeout: 2, maxConcurrentLoads: 50 });
    expect(on).toMatchObject({
      staleIfErrorMs: 300_000,
      softTimeoutMs: 250,
      hardTimeoutMs: 2000,
      maxConcurrentLoads: 50,
    });
    const off = {
      staleIfError: null,
      softTimeout: null,
      hardTimeout: null,
      earlyRefresh: null,
      maxConcurrentLoads: null,
    };
    expect(resolveLoading(off)).toEqual(DEFAULTS);
  });

  it.each<[keyof LoadingOptions, unknown, string]>([
    ['staleWhileRevalidate', -1, 'received -1'],
    ['staleIfError', '5 minutes', 'received "5 minutes"'],
    ['errorBackoff', null, 'received null'],
    ['errorBackoff', 0, 'received 0'],
    ['softTimeout', NaN, 'received NaN'],
    ['hardTimeout', Infinity, 'received Infinity'],
    ['earlyRefresh', 1, `expected 'xfetch', a number between 0 and 1, or null, received 1`],
    ['earlyRefresh', 'often', 'received "often"'],
    ['jitter', 0.6, 'expected a number from 0 to 0.5, received 0.6'],
    ['jitter', '0.1', 'received "0.1"'],
    ['negativeTtl', null, 'received null'],
    ['maxConcurrentLoads', 0, 'expected an integer >= 1, received 0'],
    ['maxQueuedLoads', 1.5, 'expected an integer >= 0, received 1.5'],
  ])('refuses %s = %p and names it', (name, value, message) => {
    expect(() => resolveLoading({ [name]: value })).toThrow(InvalidOptionsError);
    expect(() => resolveLoading({ [name]: value })).toThrow(new RegExp(`^loading\\.${name}: .*${escaped(message)}`));
  });

  it('refuses an option that it does not know, and what is no object', () => {
    expect(() => resolveLoading({ staleIfErrors: 5 } as LoadingOptions)).toThrow(
      /^loading\.staleIfErrors: .*staleIfError/,
    );
    expect(() => resolveLoading(5 as LoadingOptions)).toThrow('loading: expected an object, received 5');
  });
});

describe('resolveLoad', () => {
  it('takes a lifetime alone', () => {
    expect(resolveLoad('5m', HOUR_MS, DEFAULTS)).toMatchObject({ attributes: { ttlMs: 300_000 }, loading: DEFAULTS });
    expect(resolveLoad(null, HOUR_MS, DEFAULTS).attributes.ttlMs).toBe(Infinity);
    expect(resolveLoad(undefined, HOUR_MS, DEFAULTS).attributes.ttlMs).toBe(HOUR_MS);
  });

  it('lets one call say otherwise than the cache, and leaves the rest to the cache', () => {
    const cacheWide = resolveLoading({ staleIfError: '1h', softTimeout: '1s' });
    const how = resolveLoad({ softTimeout: null, tags: ['t'] }, HOUR_MS, cacheWide);
    expect(how.loading).toMatchObject({ staleIfErrorMs: HOUR_MS, softTimeoutMs: Infinity });
    expect(how.attributes.tags).toEqual(['t']);
    expect(cacheWide.softTimeoutMs).toBe(1000);
  });

  it('knows whether the cost was named', () => {
    expect(resolveLoad({ cost: 0 }, HOUR_MS, DEFAULTS).costGiven).toBe(true);
    expect(resolveLoad({ ttl: 5 }, HOUR_MS, DEFAULTS).costGiven).toBe(false);
  });

  it('passes the signal of the caller on and refuses what is none', () => {
    const { signal } = new AbortController();
    expect(resolveLoad({ signal }, HOUR_MS, DEFAULTS).signal).toBe(signal);
    expect(() => resolveLoad({ signal: {} as AbortSignal }, HOUR_MS, DEFAULTS)).toThrow(
      'signal: expected an AbortSignal',
    );
  });

  it.each<[string, object]>([
    ['softTimeout', { softTimeout: -1 }],
    ['ttl', { ttl: 0 }],
    ['maxConcurrentLoads', { maxConcurrentLoads: 5 }],
    ['colour', { colour: 'red' }],
  ])('refuses %s of one call and names it', (name, options) => {
    expect(() => resolveLoad(options as LoadOptions, HOUR_MS, DEFAULTS)).toThrow(InvalidOptionsError);
    expect(() => resolveLoad(options as LoadOptions, HOUR_MS, DEFAULTS)).toThrow(new RegExp(`^${name}: `));
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
