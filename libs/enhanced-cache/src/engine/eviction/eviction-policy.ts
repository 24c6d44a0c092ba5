import type { Growth } from '../enlarge.js';

/** Why an entry left the cache. */
export type RemovalCause = 'evicted' | 'expired' | 'deleted' | 'invalidated' | 'cleared' | 'corrupt';

/**
 * What a policy may know of a slot: numbers, no keys, no values, no clock.
 *
 * Readings are live. What changes them is announced by {@link EvictionPolicy.onUpdate} or {@link EvictionPolicy.onResize}.
 */
export interface SlotTraits {
  /** Bytes charged for the entry, > 0. */
  weight(slot: number): number;
  /** Seconds that a miss would take to recreate the value, >= 0. */
  cost(slot: number): number;
  /** Integer from -100 to 100; higher stays longer. */
  priority(slot: number): number;
  /** Monotonic milliseconds at which the entry dies; `Infinity` for never. */
  expiresAt(slot: number): number;
  /** How often the entry was read since it was written. */
  hits(slot: number): number;
  /** Monotonic milliseconds of the last read or write. */
  lastAccess(slot: number): number;
  /** A 32-bit hash of the key: the same key has the same hash whenever it comes back. */
  keyHash(slot: number): number;
}

/**
 * Chooses which entry leaves next.
 *
 * The store tells a policy what happens to slots, small integers that are reused after removal; the policy keeps typed
 * arrays over the same slots. Because it sees numbers and causes only, every policy can be tested without a cache and
 * replayed against a trace with the code that runs in production.
 *
 * Cost that each implementation has to keep: every call O(1) or O(log n) (amortised), never a scan of the cache, no
 * allocation per call apart from growth by doubling.
 */
export interface EvictionPolicy {
  /**
   * The store may use slots `0 .. capacity - 1` once all steps were taken. Called before the first slot and whenever the
   * store grows; between two steps the policy works on as before.
   */
  grow(capacity: number): Growth;
  /** The entry in `slot` became resident. Never called twice for a slot without an `onRemove` between. */
  onInsert(slot: number): void;
  /** The entry was read. */
  onHit(slot: number): void;
  /** Weight, cost, priority or expiry of the resident entry changed: it was overwritten or touched. */
  onUpdate(slot: number): void;
  /** The same value takes another number of bytes by now. Nobody used it. */
  onResize(slot: number): void;
  /** The entry left. Traits still describe it. Only `evicted` entries are worth remembering in a ghost list. */
  onRemove(slot: number, cause: RemovalCause): void;
  /**
   * The slot to evict so that `newcomer`, the entry just written (already inserted or updated here), can stay; `-1`
   * where nothing else is resident. Peeks, does not remove.
   *
   * It names `newcomer` itself only where the policy turns it away: a newcomer of lower priority than everything
   * resident must not displace it, and an admission filter may prefer the old entry. Called with `newcomer = -1` when
   * the limits shrank and anything may leave.
   */
  victim(newcomer: number): number;
  /** What the policy decided, where it decides anything. */
  report?(): PolicyReport;
}

/** How HYBRID works at the moment, and why. Shares are from 0 to 1. */
export interface PolicyReport {
  /** `use`: window and main queue, entries are of about the same value. `value`: ranked by value per byte. */
  readonly mode: 'use' | 'value';
  readonly modeChanges: number;
  /** How much the entries differ in value: 0 not at all, above 0.7 by value. */
  readonly valueSpread: number;
  /** The rules that the queues run by, or would. */
  readonly strategy: string;
  readonly windowShare: number;
  readonly strategyChanges: number;
  /** Share of the keys that the strategies are compared on. */
  readonly sampleShare: number;
  /** What each strategy would have hit of the sample lately, and what reality fell short of that when it ran. */
  readonly strategies: readonly {
    readonly strategy: string;
    readonly hitShare: number;
    readonly shortfall: number;
  }[];
}

/** Makes a policy over the slots of one store. */
export type EvictionPolicyFactory = (traits: SlotTraits) => EvictionPolicy;
