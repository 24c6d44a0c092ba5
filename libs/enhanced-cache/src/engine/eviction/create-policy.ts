import { InvalidOptionsError } from '../errors.js';
import { EvictionPolicyName } from '../options/enums.js';
import type { EvictionPolicy, SlotTraits } from './eviction-policy.js';
import { HybridPolicy } from './hybrid.policy.js';
import { LfuPolicy } from './lfu.policy.js';
import { LruPolicy } from './lru.policy.js';
import { S3FifoPolicy } from './s3fifo.policy.js';
import { SizePolicy } from './size.policy.js';
import { TinyLfuPolicy } from './tinylfu.policy.js';
import { TtlPolicy } from './ttl.policy.js';

/**
 * The policy of that name over the slots that `traits` describes. {@link EvictionPolicy.grow} comes first; a policy that
 * takes over a cache in use is then told of every resident by {@link EvictionPolicy.onInsert}.
 *
 * @throws {InvalidOptionsError} for a name that is none.
 */
export function createEvictionPolicy(name: EvictionPolicyName, traits: SlotTraits): EvictionPolicy {
  switch (name) {
    case EvictionPolicyName.LRU:
      return new LruPolicy(traits);
    case EvictionPolicyName.LFU:
      return new LfuPolicy(traits);
    case EvictionPolicyName.TTL:
      return new TtlPolicy(traits);
    case EvictionPolicyName.SIZE:
      return new SizePolicy(traits);
    case EvictionPolicyName.HYBRID:
      return new HybridPolicy(traits);
    case EvictionPolicyName.TINYLFU:
      return new TinyLfuPolicy(traits);
    case EvictionPolicyName.S3FIFO:
      return new S3FifoPolicy(traits);
    default: {
      const unknown: never = name;
      throw new InvalidOptionsError(
        'evictionPolicy',
        `one of ${Object.values(EvictionPolicyName).join(', ')}`,
        unknown,
      );
    }
  }
}
