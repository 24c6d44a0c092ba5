import { durationToMs } from '../../engine/duration.js';
import type { FreshnessOptions } from '../decorators/decorator-options.js';
import type { RouteState } from './route-state.js';

/**
 * How an old response may stand in: as it says itself, else as the rule says. A soft timeout is left out, as a handler
 * that goes on would write to a response that is being sent.
 */
export function staleOptions(
  { staleWhileRevalidate, staleIfError, errorBackoff, hardTimeout, jitter, earlyRefresh = null }: FreshnessOptions,
  route: RouteState,
  key: string,
  wantsNew: boolean,
): FreshnessOptions {
  const says = route.variants.staleUse(key);
  const stale = wantsNew
    ? { staleWhileRevalidate: null, staleIfError: null }
    : {
        staleWhileRevalidate: saidOr(says?.staleWhileRevalidateSeconds, staleWhileRevalidate),
        staleIfError: saidOr(says?.staleIfErrorSeconds, staleIfError),
      };
  return withoutUndefined({ softTimeout: null, earlyRefresh, errorBackoff, hardTimeout, jitter, ...stale });
}

function saidOr(
  seconds: number | undefined,
  other: FreshnessOptions['staleIfError'],
): FreshnessOptions['staleIfError'] {
  return seconds === undefined ? other : seconds || null;
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** Seconds of a duration; `undefined` where there is none. */
export function secondsOf(duration: FreshnessOptions['staleIfError']): number | undefined {
  return duration === undefined || duration === null ? undefined : durationToMs(duration) / 1000;
}
