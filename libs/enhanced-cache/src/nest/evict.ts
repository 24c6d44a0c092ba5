import type { EnhancedCache } from '../engine/enhanced-cache.js';
import { CacheClosedError } from '../engine/errors.js';
import { variantTag } from '../http/request-key.js';
import type { EvictRule } from './decorators/rules.js';
import type { TemplateScope } from './decorators/template.js';

/** What an eviction deletes, resolved for one call. */
export interface Eviction {
  readonly all: boolean;
  readonly keys: readonly string[];
  readonly tags: readonly string[];
}

/** @throws {import('../engine/errors.js').InvalidKeyError} naming a placeholder without a value. */
export function resolveEviction(rule: EvictRule, scope: TemplateScope): Eviction {
  return { all: rule.all, keys: rule.keys.resolve(scope), tags: rule.tags.resolve(scope) };
}

/**
 * Deletes what `eviction` names, and the entries that single users have under its keys. A failure is the caller's to
 * hear: a stale entry that somebody believes gone is worse than an error. A closed cache holds nothing to delete.
 */
export async function evict(cache: EnhancedCache, { all, keys, tags }: Eviction): Promise<void> {
  try {
    if (all) {
      await cache.clear();
      return;
    }
    if (keys.length > 0) await cache.mdelete(keys);
    const allTags = [...tags, ...keys.map(variantTag)];
    if (allTags.length > 0) await cache.deleteByTags(allTags);
  } catch (error) {
    if (!(error instanceof CacheClosedError)) throw error;
  }
}
