import { PortableFrames } from '../../src/engine/codec/portable-frames.js';
import { resolveOptions } from '../../src/engine/options/resolve-options.js';
import type { Announced, BusListener, Invalidation } from '../../src/engine/ports/coherence-bus.js';
import { NO_TIER } from '../../src/engine/ports/no-tier.js';
import type {
  AttachedTier,
  LoadAnswer,
  LoadIntent,
  TierEntry,
  TierFactory,
  TierReport,
} from '../../src/engine/ports/second-tier.js';

const frames = new PortableFrames(resolveOptions({ compressionLevel: 0 }));

/** A second tier in a Map, which does what a test tells it to; it checks nothing. */
export class FakeTier implements AttachedTier, TierFactory {
  readonly attached = true;
  readonly compresses = true;
  memoryTtlMs = Infinity;
  readonly entries = new Map<string, TierEntry>();
  readonly announced: Invalidation[] = [];
  /** Every call with its key. */
  readonly calls: string[] = [];
  /** Whether invalidations reach the others. */
  propagates = true;
  /** What becomes of what loads bring. */
  commits: 'stored' | 'overtaken' | 'unavailable' = 'stored';
  /** Who is told of changes of others. */
  listener!: BusListener;
  closed = false;
  /** Done while a read is under way, before its answer. */
  whileReading: (() => void) | undefined;

  attach(): AttachedTier {
    return this;
  }

  /** Puts a value there, as another process would. */
  hold(key: string, value: unknown, given: Partial<TierEntry> = {}): void {
    const rest = { ttlMs: Infinity, tags: [], priority: 0, cost: 1, loadMs: 0, metadata: undefined };
    this.entries.set(key, { ...rest, frame: frames.write(value), ...given });
  }

  valueOf(key: string): unknown {
    const entry = this.entries.get(key);
    return entry && frames.readProven(entry.frame).value;
  }

  listen(listener: BusListener): void {
    this.listener = listener;
  }

  async read<T>(key: string, use: (entry: TierEntry | undefined) => T): Promise<T> {
    this.calls.push(`read ${key}`);
    const entry = this.entries.get(key);
    await this.#pause();
    return use(entry);
  }

  async claim({ key, renews, reading }: LoadIntent): Promise<LoadAnswer> {
    this.calls.push(`claim ${key}`);
    reading();
    const entry = this.entries.get(key);
    await this.#pause();
    if (entry && !renews) return { entry };
    const commit = async (loaded: TierEntry): Promise<typeof this.commits> => {
      this.calls.push(`commit ${key}`);
      if (this.commits === 'stored') this.entries.set(key, loaded);
      return this.commits;
    };
    return { claim: { commit, release: () => void this.calls.push(`release ${key}`) } };
  }

  async write(key: string, entry: TierEntry): Promise<boolean> {
    this.calls.push(`write ${key}`);
    this.entries.set(key, entry);
    return true;
  }

  async touch(key: string): Promise<boolean> {
    return this.entries.has(key);
  }

  async announce(invalidation: Invalidation): Promise<Announced> {
    this.announced.push(invalidation);
    const keys = invalidation.scope === 'keys' ? invalidation.keys : [];
    const removed = keys.filter((key) => this.entries.delete(key)).length;
    return { propagated: this.propagates, removed };
  }

  async lock(): Promise<never> {
    throw new Error('there are no locks here');
  }

  report(): TierReport {
    return { ...NO_TIER.report(), kind: 'fake' };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async #pause(): Promise<void> {
    await Promise.resolve();
    const { whileReading } = this;
    this.whileReading = undefined;
    whileReading?.();
  }
}
