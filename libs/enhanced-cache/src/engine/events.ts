import type { RemovalCause } from './eviction/eviction-policy.js';
import type { Invalidation } from './ports/coherence-bus.js';
import type { TierReport } from './ports/second-tier.js';
import type { PressureChange } from './pressure/pressure-response.js';

/** What listeners of {@link CacheEvents} receive. */
export interface CacheEventPayloads {
  hit: { key: string };
  miss: { key: string };
  /** A value was stored. `sizeBytes` is what it takes in memory, all included. */
  set: { key: string; sizeBytes: number; replaced: boolean };
  /** `delete`, `deleteByTags` or `clear` removed the entry. */
  delete: { key: string; cause: Extract<RemovalCause, 'deleted' | 'invalidated' | 'cleared'> };
  /** The policy chose it. `turnedAway`: the entry was the newest one and was not admitted. */
  evict: { key: string; sizeBytes: number; turnedAway: boolean };
  expire: { key: string };
  /** A loader ran to its end. `stored` is false where an invalidation came first or nothing was to be stored.
   * `background`: the value was renewed while it was being served. */
  load: { key: string; durationMs: number; stored: boolean; background: boolean; error?: unknown };
  /** Something failed where nobody could be told: a listener, background work, stored bytes. */
  error: { operation: string; error: unknown; key?: string };
  configure: { applied: Readonly<Record<string, unknown>>; evicted: number };
  /** The process came near a limit of its memory, nearer to it, or away from it. */
  pressure: PressureChange;
  /**
   * Something was invalidated that a second tier and other processes have to know. `propagated`: they do; where not, it is
   * kept and sent as soon as that can be. `remote`: another process did it.
   */
  invalidate: Invalidation & { propagated: boolean; remote: boolean };
  /** Memory was emptied because an invalidation might not have been heard. */
  distrust: { reason: string };
  /** The second tier was joined or lost. */
  tier: { state: TierReport['state']; reason: string | null };
}

export type CacheEvent = keyof CacheEventPayloads;
export type CacheListener<E extends CacheEvent> = (payload: CacheEventPayloads[E]) => void;

/**
 * Typed listeners, isolated from each other and from the cache: a listener that throws or rejects is counted and
 * reported as `error`, the operation that raised the event is not affected.
 *
 * {@link has} is the guard on hot paths: no payload is made unless somebody listens.
 */
export class CacheEvents {
  readonly #listeners = new Map<CacheEvent, Set<CacheListener<never>>>();
  /** Whether anybody listens to hits: {@link has} for the hottest of all paths. */
  hearsHits = false;
  #failures = 0;

  /** How many times a listener failed. */
  get failures(): number {
    return this.#failures;
  }

  has(event: CacheEvent): boolean {
    return this.#listeners.size > 0 && this.#listeners.has(event);
  }

  /** Calls `listener` at each `event`; the returned function takes it off again. */
  on<E extends CacheEvent>(event: E, listener: CacheListener<E>): () => void {
    let listeners = this.#listeners.get(event);
    if (!listeners) this.#listeners.set(event, (listeners = new Set()));
    listeners.add(listener as CacheListener<never>);
    this.hearsHits = this.has('hit');
    return () => this.off(event, listener);
  }

  off<E extends CacheEvent>(event: E, listener: CacheListener<E>): void {
    const listeners = this.#listeners.get(event);
    if (listeners?.delete(listener as CacheListener<never>) && listeners.size === 0) this.#listeners.delete(event);
    this.hearsHits = this.has('hit');
  }

  emit<E extends CacheEvent>(event: E, payload: CacheEventPayloads[E]): void {
    const listeners = this.#listeners.get(event) as Set<(payload: CacheEventPayloads[E]) => unknown> | undefined;
    if (!listeners) return;
    for (const listener of listeners) {
      try {
        const result = listener(payload);
        if (result instanceof Promise) result.catch((error: unknown) => this.#failed(event, error));
      } catch (error) {
        this.#failed(event, error);
      }
    }
  }

  removeAll(): void {
    this.#listeners.clear();
    this.hearsHits = false;
  }

  #failed(event: CacheEvent, error: unknown): void {
    this.#failures++;
    // A failing `error` listener must not be told about itself.
    if (event !== 'error') this.emit('error', { operation: `listener of ${event}`, error });
  }
}
