import type { CoherenceBus } from './coherence-bus.js';
import type { Clock } from './clock.js';

/** An entry as a tier keeps it, in a form that other processes may read. */
export interface TierEntry {
  /**
   * The value, as `codec/portable-frames.ts` writes and reads it. The bytes are not changed by either side; a tier proves
   * those that it gives by a checksum of its own.
   */
  readonly frame: Uint8Array;
  /** Milliseconds left; `Infinity` for ever. */
  readonly ttlMs: number;
  readonly tags: readonly string[];
  readonly priority: number;
  /** Seconds. */
  readonly cost: number;
  /** How long its load took, in milliseconds; 0 where it was set. */
  readonly loadMs: number;
  /** JSON text. */
  readonly metadata: string | undefined;
}

/**
 * The right to store what one load brings: void as soon as anything else happens to the key, anywhere.
 *
 * Exactly one of {@link commit} and {@link release} is called, once.
 */
export interface LoadClaim {
  /**
   * Stores the entry if nothing came between. Never rejects.
   *
   * `overtaken`: something did; the value must not be stored in memory either. `unavailable`: the tier did not answer, or
   * cannot store it; memory may.
   */
  commit(entry: TierEntry): Promise<'stored' | 'overtaken' | 'unavailable'>;
  /** Nothing is stored: another process that waits for this load may begin its own. */
  release(): void;
}

/** What a claim needs to know of the load that it is for. */
export interface LoadIntent {
  readonly key: string;
  /** Tags that the entry will carry, as far as is known. */
  readonly tags: readonly string[];
  /** The stored value is not wanted but a newer one: what stands there is only the state to compare with. */
  readonly renews: boolean;
  /** Aborted when nobody waits any more; the claim then settles soon, with `undefined`. */
  readonly signal: AbortSignal;
  /** Called each time before the tier is read: what is invalidated before that moment, the answer already knows. */
  reading(): void;
}

/** The stored entry, or the right to store one, or neither. */
export interface LoadAnswer {
  readonly entry?: TierEntry;
  readonly claim?: LoadClaim;
}

/** What a lock that reaches beyond this process gives its holder. */
export interface TierLock {
  /** Higher for later holders, of any process. */
  readonly fencing: number;
  /** Aborted when the lock was lost: its lease ended, or the tier is out of reach. */
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** What is known of a tier; counts since it was attached. */
export interface TierReport {
  /** What it is: `redis`. */
  kind: string;
  /** `joined`: in use. `away`: out of reach; memory works alone. */
  state: 'joined' | 'away';
  /** Seconds since it is in that state. */
  stateSeconds: number;
  /** Why it is away, in one sentence; `null` where it is not. */
  reason: string | null;
  /** Reads that it answered with a value. */
  hits: number;
  misses: number;
  /** Reads that it could not answer. */
  unanswered: number;
  /** Values stored in it. */
  writes: number;
  /** Values that it refused or did not acknowledge. */
  failedWrites: number;
  /** Loads whose result it refused, as something had changed meanwhile. */
  overtakenLoads: number;
  /** Loads that waited for that of another process. */
  awaitedLoads: number;
  /** Invalidations sent and acknowledged. */
  invalidationsSent: number;
  /** Invalidations heard of others. */
  invalidationsReceived: number;
  /** Invalidations that could not be sent yet. */
  pendingInvalidations: number;
  /** How many times memory was emptied because something might not have been heard. */
  distrusts: number;
  /** What went wrong, by kind. */
  failures: Record<string, number>;
}

/**
 * Where values stand that memory has no room for, and that other processes share.
 *
 * Every call settles within the tier's own deadline, waiting for another process's load apart, and none rejects: who reads
 * sees a miss, what failed is in the report. Calls about one key take effect in the order in which they are made.
 */
export interface SecondTier {
  /** Whether there is one at all. Where not, nothing below is called. */
  readonly attached: boolean;
  /** The longest that memory may keep a value from now on, in milliseconds; shorter while the tier is out of reach. */
  readonly memoryTtlMs: number;
  /** Whether values may be compressed for it; not where people are to read them. */
  readonly compresses: boolean;
  /**
   * What `use` makes of the entry, `undefined` where there is none or the tier does not answer.
   *
   * @param use is called once, in the order in which answers and invalidations come.
   */
  read<T>(key: string, use: (entry: TierEntry | undefined) => T): Promise<T>;
  /** The entry, or the right to store one, or neither where the tier cannot help. Waits while another process loads it. */
  claim(intent: LoadIntent): Promise<LoadAnswer>;
  /** Stores an entry that is the newer truth. @returns whether it is known to stand there. */
  write(key: string, entry: TierEntry): Promise<boolean>;
  /** Gives the entry another lifetime. */
  touch(key: string, ttlMs: number): Promise<boolean>;
  /**
   * @param leaseMs `Infinity`: prolonged until it is released.
   * @throws {TierError} where it is out of reach: a lock that holds for nobody else is none.
   * @throws {CacheTimeoutError} where it was not free within `waitMs`.
   */
  lock(key: string, leaseMs: number, waitMs: number): Promise<TierLock>;
  report(): TierReport;
  /** Sends what is pending, within the deadline, and lets go of everything. */
  close(): Promise<void>;
}

/** A second tier together with the way in which processes hear of each other's changes. */
export interface AttachedTier extends SecondTier, CoherenceBus {}

/** What a tier is told of the cache that it works for. */
export interface TierHost {
  readonly name: string;
  readonly clock: Clock;
  /** Something failed where nobody could be told. */
  failed(operation: string, error: unknown, key?: string): void;
  /** It was joined or lost. */
  changed(state: TierReport['state'], reason: string | null): void;
  /** One sentence for the log. */
  warn(message: string): void;
}

/** Makes the tier of one cache. */
export interface TierFactory {
  attach(host: TierHost): AttachedTier;
}
