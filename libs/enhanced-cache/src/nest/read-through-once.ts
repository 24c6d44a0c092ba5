import type { LoadContext } from '../engine/cache-types.js';
import type { EnhancedCache } from '../engine/enhanced-cache.js';
import { CacheBusyError, CacheTimeoutError, RecursiveLoadError } from '../engine/errors.js';
import type { LoadOptions } from '../engine/loading/load-options.js';
import { messageOf, warnOnce } from './warn-once.js';

/** Errors that loads threw: whoever waits for a load of another caller knows by them that the cache did not fail. */
const loadErrors = new WeakSet<object>();

type Own<T> = { readonly value: T } | { readonly error: unknown };

/**
 * `cache.getOrSet` for callers who have work to do whether the cache works or not: `load` runs at most once, its value
 * is returned even where the cache failed afterwards, and its error reaches everybody who waits for it unchanged. A
 * cache that fails (closed, a key that it refuses) is reported once as `label` and otherwise as if it were not there.
 *
 * A load that is given up after `hardTimeout`, or turned away because too many wait, rejects: it is not run again.
 *
 * A load that asks for its own key would wait for itself; it is run through instead, and reported.
 */
export async function readThroughOnce<T>(
  cache: EnhancedCache,
  key: string,
  load: (context?: LoadContext<T>) => T | Promise<T>,
  options: LoadOptions,
  label: string,
): Promise<T> {
  let own: Own<T> | undefined;
  try {
    return await cache.getOrSet<T>(
      key,
      async (context) => {
        try {
          const value = await load(context);
          own = { value };
          return value;
        } catch (error) {
          own = { error };
          if (typeof error === 'object' && error !== null) loadErrors.add(error);
          throw error;
        }
      },
      options,
    );
  } catch (error) {
    const mine = own as Own<T> | undefined;
    if (mine && 'error' in mine) throw mine.error;
    if (!mine && typeof error === 'object' && error !== null && loadErrors.has(error)) throw error;
    if (!mine && error instanceof RecursiveLoadError) {
      warnOnce(`${label} asks for the key "${key}" while that is being loaded; give the two different keys`);
      return load();
    }
    // The source took too long, or too much is asked of it already: to ask once more would make it worse.
    if (!mine && (error instanceof CacheTimeoutError || error instanceof CacheBusyError)) throw error;
    warnOnce(`${label} runs without its cache: ${messageOf(error)}`);
    return mine ? mine.value : load();
  }
}
