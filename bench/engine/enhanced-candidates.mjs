import { CompressionLevel, EnhancedCache, EvictionPolicy } from 'nestjs-enhanced-cache/core';
import { enhancedName } from './names.mjs';
import { TTL_S, unexpectedLoad } from './verbs.mjs';

/** The policies that are timed, by their names in `EvictionPolicy`. */
const POLICIES = ['LRU', 'HYBRID'];
/** The policy of the rows about compression, the default. */
const COMPRESSING_POLICY = 'HYBRID';
const ISOLATIONS = ['shared', 'frozen', 'copy'];
/** Smaller payloads are never compressed. */
const COMPRESSES_FROM_BYTES = 1024;
/** So that the number of entries is the limit. */
const AMPLE_MEMORY_MB = 8192;

function enhanced(isolation, policy, level, rest) {
  const options = {
    isolation,
    evictionPolicy: EvictionPolicy[policy],
    ...(level && { compressionLevel: CompressionLevel[level] }),
    defaultTtl: TTL_S,
    maxMemoryMb: AMPLE_MEMORY_MB,
  };
  return {
    name: enhancedName(isolation, policy, level),
    ...rest,
    open({ capacity }) {
      const cache = new EnhancedCache({ ...options, maxSize: capacity });
      return {
        read: (key) => cache.getSync(key),
        get: (key) => cache.get(key),
        write: (key, value) => void cache.set(key, value),
        set: (key, value) => cache.set(key, value),
        getOrSet: (key) => cache.getOrSet(key, unexpectedLoad),
        setTagged: (key, value, tag) => cache.set(key, value, { tags: [tag] }),
        invalidateTag: (tag) => cache.deleteByTags([tag]),
        close: () => cache.close(),
      };
    },
  };
}

/** @type {import('./verbs.mjs').Candidate[]} */
export const enhancedCandidates = [
  ...ISOLATIONS.flatMap((isolation) =>
    POLICIES.map((policy) =>
      isolation === 'copy'
        ? enhanced(isolation, policy, undefined, { belowBytes: COMPRESSES_FROM_BYTES })
        : enhanced(isolation, policy, undefined, { isLean: true }),
    ),
  ),
  ...Object.keys(CompressionLevel).map((level) =>
    enhanced('copy', COMPRESSING_POLICY, level, { fromBytes: COMPRESSES_FROM_BYTES }),
  ),
];
