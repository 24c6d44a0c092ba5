import type { Clock } from '../engine/ports/clock.js';
import type { KeyChanges } from './key-changes.js';
import type { RedisKeys } from './keys.js';
import type { Link } from './link.js';
import type { NamespaceState } from './namespace-state.js';
import type { OwnChanges } from './own-changes.js';
import type { PendingInvalidations } from './pending-invalidations.js';
import type { ReadBatch } from './read-batch.js';
import type { RedisLine } from './redis-line.js';
import type { ResolvedRedisOptions } from './redis-tier-options.js';
import type { RemoteGenerations } from './remote-generations.js';
import type { TierCounts } from './tier-counts.js';

/** The parts of one tier; {@link RedisTier} makes them and introduces them to each other. */
export interface RedisParts {
  readonly options: ResolvedRedisOptions;
  readonly clock: Clock;
  readonly keys: RedisKeys;
  readonly link: Link;
  readonly state: NamespaceState;
  readonly batch: ReadBatch;
  readonly generations: RemoteGenerations;
  readonly pending: PendingInvalidations;
  readonly changes: KeyChanges;
  readonly own: OwnChanges;
  readonly counts: TierCounts;
  /** A read came with this epoch. */
  noteEpoch(line: RedisLine, epoch: string | undefined): void;
  /** Something failed that was no fault of the link's. */
  noteFailure(kind: string, error: unknown): void;
}
