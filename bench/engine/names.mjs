/** How rows are named. */
export const EMPTY_LOOP = '(loop)';
export const BARE_MAP = 'Map';
/** What every other candidate is compared with. */
export const REFERENCE = 'lru-cache (ttl)';

/** `enhanced-cache copy HYBRID FAST`; the level is left out where nothing is compressed. */
export function enhancedName(isolation, policy, level) {
  return ['enhanced-cache', isolation, policy, level].filter(Boolean).join(' ');
}
