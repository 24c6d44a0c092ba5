import type { ResolvedLoading } from './load-options.js';

/** What is known of an entry's age; monotonic milliseconds. */
export interface EntryAge {
  readonly createdAt: number;
  readonly freshUntil: number;
  /** No other load is tried before this, as one just failed. */
  readonly retryAt: number;
  /** How long its load took, in milliseconds. */
  readonly loadMs: number;
}

/**
 * What a read through the cache does with an entry.
 *
 * `serve`: it is fresh. `serve-and-refresh`: it is served, and one load renews it behind. `fall-back`: a load is tried,
 * the entry stands in if it fails or is slow. `serve-stale`: as `fall-back`, but no load is tried now. `ignore`: too old.
 */
export type Use = 'serve' | 'serve-and-refresh' | 'fall-back' | 'serve-stale' | 'ignore';

/** A pure decision; `random` is from 0 to below 1. */
export function decideUse(age: EntryAge, now: number, loading: ResolvedLoading, random: () => number): Use {
  const staleMs = now - age.freshUntil;
  const mayRetry = now >= age.retryAt;
  if (staleMs < 0) return mayRetry && isDueEarly(age, now, loading, random) ? 'serve-and-refresh' : 'serve';
  if (staleMs < loading.staleWhileRevalidateMs) return mayRetry ? 'serve-and-refresh' : 'serve-stale';
  if (staleMs < loading.staleIfErrorMs) return mayRetry ? 'fall-back' : 'serve-stale';
  return 'ignore';
}

/** Whether the stale entry may stand in for a load that failed or is slow at `now`. */
export function mayStandIn(age: EntryAge, now: number, loading: ResolvedLoading): boolean {
  return now - age.freshUntil < Math.max(loading.staleIfErrorMs, loading.staleWhileRevalidateMs);
}

function isDueEarly(
  { createdAt, freshUntil, loadMs }: EntryAge,
  now: number,
  loading: ResolvedLoading,
  random: () => number,
): boolean {
  const { earlyRefresh } = loading;
  if (earlyRefresh === 0 || freshUntil === Infinity) return false;
  if (earlyRefresh !== 'xfetch') return now - createdAt >= earlyRefresh * (freshUntil - createdAt);
  // 1 - random, as the logarithm of 0 would be due at any time.
  return now - loadMs * Math.log(1 - random()) >= freshUntil;
}

/** The lifetime that a loaded value gets. */
export function loadedTtlMs(value: unknown, ttlMs: number, loading: ResolvedLoading, random: () => number): number {
  const base = value === null && loading.negativeTtlMs !== undefined ? loading.negativeTtlMs : ttlMs;
  return base === Infinity ? base : base * (1 - loading.jitter * random());
}
