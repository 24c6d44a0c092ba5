import type { EnhancedCache } from '../engine/enhanced-cache.js';

const PAGE = 1000;

/** Keys and values of what is live, or of what carries `tag`, page by page; what comes or goes meanwhile may be missed. */
export async function* walkEntries<T>(
  cache: EnhancedCache,
  tag?: string,
): AsyncGenerator<[key: string, value: T], void> {
  for (let cursor: string | null = null; ;) {
    const page = await cache.listEntries({
      limit: PAGE,
      ...(tag === undefined ? {} : { tag }),
      ...(cursor === null ? {} : { cursor }),
    });
    for (const { key } of page.entries) {
      const entry = await cache.getEntry<T>(key);
      if (entry) yield [key, entry.value];
    }
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}
