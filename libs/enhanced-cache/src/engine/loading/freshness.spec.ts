import { decideUse, type EntryAge, loadedTtlMs, mayStandIn, type Use } from './freshness.js';
import { type LoadingOptions, resolveLoading } from './load-options.js';

const half = (): number => 0.5;
const age = (changes: Partial<EntryAge> = {}): EntryAge => ({
  createdAt: 0,
  freshUntil: 1000,
  retryAt: 0,
  loadMs: 100,
  ...changes,
});

describe('decideUse', () => {
  it.each<[string, LoadingOptions, number, Partial<EntryAge>, Use]>([
    ['serves what is fresh', {}, 999, {}, 'serve'],
    ['ignores what is not', {}, 1000, {}, 'ignore'],
    ['serves and renews within staleWhileRevalidate', { staleWhileRevalidate: 1 }, 1999, {}, 'serve-and-refresh'],
    ['ignores it from its end on', { staleWhileRevalidate: 1 }, 2000, {}, 'ignore'],
    ['serves and does not renew while held off', { staleWhileRevalidate: 1 }, 1500, { retryAt: 1501 }, 'serve-stale'],
    [
      'renews from the end of the back-off on',
      { staleWhileRevalidate: 1 },
      1501,
      { retryAt: 1501 },
      'serve-and-refresh',
    ],
    ['falls back within staleIfError', { staleIfError: 1 }, 1999, {}, 'fall-back'],
    ['serves stale while held off', { staleIfError: 1 }, 1999, { retryAt: 2500 }, 'serve-stale'],
    ['ignores what is older, back-off or not', { staleIfError: 1 }, 2000, { retryAt: 2500 }, 'ignore'],
    ['renews first, then falls back', { staleWhileRevalidate: 1, staleIfError: 2 }, 2500, {}, 'fall-back'],
    ['renews early by a fraction of the lifetime', { earlyRefresh: 0.8 }, 800, {}, 'serve-and-refresh'],
    ['and not before', { earlyRefresh: 0.8 }, 799, {}, 'serve'],
    ['counts the fraction from when it was stored', { earlyRefresh: 0.5 }, 800, { createdAt: 700 }, 'serve'],
    ['does not renew early while held off', { earlyRefresh: 0.8 }, 900, { retryAt: 950 }, 'serve'],
    ['never renews what does not expire', { earlyRefresh: 'xfetch' }, 1e12, { freshUntil: Infinity }, 'serve'],
  ])('%s', (_what, options, now, changes, use) => {
    expect(decideUse(age(changes), now, resolveLoading(options), half)).toBe(use);
  });

  it('renews early by xfetch at -ln(random) load times before the end', () => {
    const loading = resolveLoading({ earlyRefresh: 'xfetch' });
    // -100 ms x ln(0.5) = 69.3 ms
    expect(decideUse(age(), 930, loading, half)).toBe('serve');
    expect(decideUse(age(), 931, loading, half)).toBe('serve-and-refresh');
    expect(decideUse(age({ loadMs: 400 }), 723, loading, half)).toBe('serve-and-refresh');
    expect(decideUse(age(), 999, loading, () => 0)).toBe('serve');
  });
});

describe('mayStandIn', () => {
  it('lets a value stand in for the longer of both stale times', () => {
    const loading = resolveLoading({ staleWhileRevalidate: 3, staleIfError: 1 });
    expect(mayStandIn(age(), 3999, loading)).toBe(true);
    expect(mayStandIn(age(), 4000, loading)).toBe(false);
    expect(mayStandIn(age(), 1000, resolveLoading({}))).toBe(false);
  });
});

describe('loadedTtlMs', () => {
  it('shortens a lifetime by at most its jitter, and never lengthens it', () => {
    const loading = resolveLoading({ jitter: 0.2 });
    expect(loadedTtlMs('v', 1000, loading, () => 0)).toBe(1000);
    expect(loadedTtlMs('v', 1000, loading, half)).toBe(900);
    expect(loadedTtlMs('v', Infinity, loading, half)).toBe(Infinity);
    expect(loadedTtlMs('v', 1000, resolveLoading({ jitter: 0 }), half)).toBe(1000);
  });

  it('gives null the lifetime of what is not there, where one is named', () => {
    const loading = resolveLoading({ jitter: 0, negativeTtl: 5 });
    expect(loadedTtlMs(null, 1000, loading, half)).toBe(5000);
    expect(loadedTtlMs(0, 1000, loading, half)).toBe(1000);
    expect(loadedTtlMs(null, 1000, resolveLoading({ jitter: 0 }), half)).toBe(1000);
  });
});
