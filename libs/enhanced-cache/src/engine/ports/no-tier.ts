import { TierError } from '../errors.js';
import type { Announced } from './coherence-bus.js';
import type { AttachedTier, TierFactory, TierReport } from './second-tier.js';

const REPORT: TierReport = Object.freeze({
  kind: 'none',
  state: 'away',
  stateSeconds: 0,
  reason: 'there is no second tier',
  hits: 0,
  misses: 0,
  unanswered: 0,
  writes: 0,
  failedWrites: 0,
  overtakenLoads: 0,
  awaitedLoads: 0,
  invalidationsSent: 0,
  invalidationsReceived: 0,
  pendingInvalidations: 0,
  distrusts: 0,
  failures: {},
});
const ANNOUNCED: Announced = Object.freeze({ propagated: false, removed: 0 });

/** The second tier and the bus of a cache that has neither. */
export const NO_TIER: AttachedTier = Object.freeze({
  attached: false,
  memoryTtlMs: Infinity,
  compresses: true,
  read: async <T>(_key: string, use: (entry: undefined) => T) => use(undefined),
  claim: async () => ({}),
  write: async () => false,
  touch: async () => false,
  lock: async () => {
    throw new TierError('there is no second tier to lock in');
  },
  report: () => REPORT,
  close: async () => undefined,
  listen: () => undefined,
  announce: async () => ANNOUNCED,
});

export const NO_TIER_FACTORY: TierFactory = Object.freeze({ attach: () => NO_TIER });
