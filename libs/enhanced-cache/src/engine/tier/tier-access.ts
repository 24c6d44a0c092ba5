import type { CacheCore } from '../cache-core.js';
import { PortableFrames, type ReadValue } from '../codec/portable-frames.js';
import type { EntryAttributes } from '../entry/entry-attributes.js';
import { type CacheEntry, entryInfo } from '../entry/entry-view.js';
import type { CacheEvents } from '../events.js';
import type { Flight, Loaded } from '../loading/flight.js';
import type { FenceToken, WriteFence } from '../loading/write-fence.js';
import { CompressionLevel } from '../options/enums.js';
import type { ResolvedOptions } from '../options/options.js';
import type { Announced, Invalidation } from '../ports/coherence-bus.js';
import type { AttachedTier, LoadClaim, TierEntry, TierLock, TierReport } from '../ports/second-tier.js';

const NEVER = new AbortController().signal;

export interface TierAccessParts {
  readonly core: CacheCore;
  readonly fence: WriteFence;
  readonly events: CacheEvents;
  readonly tier: AttachedTier;
}

/** What the tier had for a load: its result, or the right to store one, or nothing. */
export interface TierStart {
  readonly loaded?: Loaded;
  readonly claim?: LoadClaim;
}

/**
 * How a cache uses its second tier: values on their way between tier and memory, and invalidations on their way out.
 *
 * What a tier brings is fenced as a load is: a token is opened before the tier is asked, and what was invalidated
 * meanwhile is not put into memory.
 */
export class TierAccess {
  readonly #frames: PortableFrames;

  constructor(private readonly parts: TierAccessParts) {
    const { options } = parts.core;
    this.#frames = new PortableFrames(
      parts.tier.compresses ? options : { ...options, compressionLevel: CompressionLevel.NONE },
    );
  }

  /** Whether there is a second tier. Where not, nothing below is of use. */
  get attached(): boolean {
    return this.parts.tier.attached;
  }

  /** The attributes that memory keeps an entry with; its lifetime there may be shorter than in the tier. */
  inMemory<A extends { readonly ttlMs: number }>(attributes: A): A {
    const { memoryTtlMs } = this.parts.tier;
    return attributes.ttlMs <= memoryTtlMs ? attributes : { ...attributes, ttlMs: memoryTtlMs };
  }

  /** The value in the tier, which is in memory afterwards; `undefined` where it has none or does not answer. */
  read(key: string): Promise<unknown> {
    return this.#ask(
      key,
      (_entry, { value }) => value,
      (slot) => this.parts.core.peek(slot),
    );
  }

  /**
   * As {@link read}, for who wants to know of the entry and not to use its value.
   *
   * @param inMemory what to tell of the slot that it is in afterwards.
   * @param turnedAway what to tell where memory does not keep it: its policy has others that it would rather keep.
   */
  look<T>(
    key: string,
    inMemory: (slot: number) => T,
    turnedAway: (entry: CacheEntry) => T | undefined,
  ): Promise<T | undefined> {
    const { store } = this.parts.core;
    const seen = (entry: TierEntry, found: ReadValue): T | undefined => {
      const slot = store.find(key);
      return slot === -1 ? turnedAway(this.#viewOf(key, entry, found)) : inMemory(slot);
    };
    return this.#ask(key, seen, inMemory);
  }

  /**
   * Begins the load of `flight` at the tier.
   *
   * @param renews there is a value in memory that the load is to replace: the one in the tier may be the same.
   */
  async begin(flight: Flight, renews: boolean): Promise<TierStart> {
    const { fence, tier } = this.parts;
    const { key, tags, signal } = flight;
    // A value that the tier brings was fetched when the tier was asked, not when the load was asked for.
    const reading = (): void => {
      const former = flight.token;
      flight.token = fence.open();
      fence.close(former);
    };
    const { entry, claim } = await tier.claim({ key, tags, renews, signal, reading });
    const found = entry && this.#decode(key, entry);
    if (found === undefined) return { claim };
    const { stored, cost } = { stored: found.stored, cost: (entry as TierEntry).cost };
    const fenced = !this.#place(key, entry as TierEntry, found, flight.token);
    return { loaded: { value: found.value, stored: stored ?? this.#encoded(key, found.value), cost, fenced } };
  }

  /** Stores what was loaded in the tier. @returns whether memory may have it too. */
  async commit(key: string, value: unknown, attributes: EntryAttributes, claim: LoadClaim): Promise<boolean> {
    const entry = this.#entryOf(key, value, attributes);
    if (entry) return (await claim.commit(entry)) !== 'overtaken';
    claim.release();
    return true;
  }

  /** Stores a value that memory has already. What stood in the tier before is gone, whatever happens. */
  async write(key: string, value: unknown, attributes: EntryAttributes): Promise<void> {
    const entry = this.#entryOf(key, value, attributes);
    if (entry) await this.parts.tier.write(key, entry);
    else await this.announce({ scope: 'keys', keys: [key], stale: false });
  }

  /**
   * Stores a value that was fetched at some time before, unless `isCurrent` says that it was invalidated since. What the
   * tier was told before it gave the claim has been heard by then, what comes later voids the claim.
   *
   * @returns whether memory may have it.
   */
  async bringIn(key: string, value: unknown, attributes: EntryAttributes, isCurrent: () => boolean): Promise<boolean> {
    const intent = { key, tags: attributes.tags, renews: true, signal: NEVER, reading: () => undefined };
    const { claim } = await this.parts.tier.claim(intent);
    if (!isCurrent()) {
      claim?.release();
      return false;
    }
    return claim ? this.commit(key, value, attributes, claim) : true;
  }

  touch(key: string, ttlMs: number): Promise<boolean> {
    return this.parts.tier.touch(key, ttlMs);
  }

  /** Tells the tier and the other processes what was invalidated here. */
  async announce(invalidation: Invalidation): Promise<Announced> {
    const { events, tier } = this.parts;
    const announced = await tier.announce(invalidation);
    const { propagated } = announced;
    if (events.has('invalidate')) events.emit('invalidate', { ...invalidation, propagated, remote: false });
    return announced;
  }

  lock(key: string, leaseMs: number, waitMs: number): Promise<TierLock> {
    return this.parts.tier.lock(key, leaseMs, waitMs);
  }

  /** `null`: there is none. */
  report(): TierReport | null {
    return this.attached ? this.parts.tier.report() : null;
  }

  close(): Promise<void> {
    return this.parts.tier.close();
  }

  /**
   * Brings what the tier has under `key` into memory.
   *
   * @param found what to tell of that.
   * @param known what to tell of the slot where somebody wrote it here meanwhile, and knows better.
   */
  #ask<T>(
    key: string,
    found: (entry: TierEntry, value: ReadValue) => T,
    known: (slot: number) => T,
  ): Promise<T | undefined> {
    const { core, fence, tier } = this.parts;
    if (core.closed) return Promise.resolve(undefined);
    const token = fence.open();
    return tier.read(key, (entry) => {
      try {
        const value = entry && this.#decode(key, entry);
        if (entry === undefined || value === undefined) return undefined;
        if (this.#place(key, entry, value, token)) return found(entry, value);
        const slot = core.store.find(key);
        return slot === -1 ? undefined : known(slot);
      } finally {
        fence.close(token);
      }
    });
  }

  /** The entry as memory would show it if it had just been put there; its sizes may be those of the tier. */
  #viewOf(key: string, entry: TierEntry, { value, stored }: ReadValue): CacheEntry {
    const { clock } = this.parts.core.options;
    const { priority, cost, metadata, frame } = entry;
    const { originalBytes, storedBytes } = stored ?? { originalBytes: frame.byteLength, storedBytes: frame.byteLength };
    const now = clock.now();
    const [created, lastAccess, expiresAt] = [now, now, now + this.inMemory(entry).ttlMs];
    const facts = { key, created, lastAccess, expiresAt, hits: 0, priority, cost, metadata };
    return { ...entryInfo({ ...facts, tags: [...entry.tags], originalBytes, storedBytes }, clock), value };
  }

  #decode(key: string, entry: TierEntry): ReadValue | undefined {
    try {
      return this.#frames.readProven(entry.frame);
    } catch (error) {
      this.parts.events.emit('error', { operation: 'read a value of the second tier', error, key });
      return undefined;
    }
  }

  /** Puts it into memory unless it was invalidated since `token`. */
  #place(key: string, entry: TierEntry, { value, stored }: ReadValue, token: FenceToken): boolean {
    const { core, events, fence } = this.parts;
    if (core.closed) return true;
    if (!fence.isWhole(token, key, entry.tags)) return false;
    try {
      core.place(key, stored ?? core.encode(value), this.inMemory(attributesOf(entry, core.options)));
      fence.stored(token, key);
    } catch (error) {
      events.emit('error', { operation: 'keep a value of the second tier', error, key });
    }
    return true;
  }

  #encoded(key: string, value: unknown): Loaded['stored'] {
    try {
      return this.parts.core.encode(value);
    } catch (error) {
      this.parts.events.emit('error', { operation: 'keep a value of the second tier', error, key });
      return undefined;
    }
  }

  #entryOf(key: string, value: unknown, attributes: EntryAttributes): TierEntry | undefined {
    try {
      const { ttlMs, tags, priority, cost, loadMs, metadata } = attributes;
      return { frame: this.#frames.write(value), ttlMs, tags, priority, cost, loadMs, metadata };
    } catch (error) {
      this.parts.events.emit('error', { operation: 'write a value to the second tier', error, key });
      return undefined;
    }
  }
}

function attributesOf(
  { ttlMs, tags, priority, cost, loadMs, metadata }: TierEntry,
  { loading }: ResolvedOptions,
): EntryAttributes {
  const staleMs = Math.max(loading.staleIfErrorMs, loading.staleWhileRevalidateMs);
  return { ttlMs, staleMs, loadMs, tags, priority, cost, metadata };
}
