import { WriteFence } from '../engine/loading/write-fence.js';
import type { Invalidation } from '../engine/ports/coherence-bus.js';
import type { TierEntry } from '../engine/ports/second-tier.js';
import { sendInvalidation } from './announcements.js';
import { failureKind } from './failure-kind.js';
import { NO_TOKEN, randomToken } from './random-token.js';
import { encodeRecord } from './records.js';
import type { RedisParts } from './redis-parts.js';

/** Stores values that nobody has to be asked for, in the order in which they were set. */
export class TierWrites {
  /** Orders writes that have to wait for a generation with what comes after them. */
  readonly #order = new WriteFence();

  /** @param sender by which this process knows its own messages. */
  constructor(
    private readonly parts: RedisParts,
    private readonly sender: string,
  ) {}

  /** From now on what was to be written under `key` before is not. */
  overtakeKey(key: string): void {
    this.#order.invalidateKey(key);
  }

  /** As {@link overtakeKey}, for all that an invalidation is about. */
  overtake(invalidation: Invalidation): void {
    if (invalidation.scope === 'keys') for (const key of invalidation.keys) this.#order.invalidateKey(key);
    else if (invalidation.scope === 'tags') this.#order.invalidateTags(invalidation.tags);
    else this.#order.invalidateEverything();
  }

  /** False where something came between, or Redis did not take it: what stood there before is gone then, too. */
  async write(key: string, entry: TierEntry): Promise<boolean> {
    const { counts, generations, state } = this.parts;
    const { tags, ttlMs } = entry;
    const token = this.#order.open();
    try {
      const isReady = state.epoch !== undefined && generations.areKept(tags, ttlMs);
      const ensured = isReady ? undefined : await Promise.all([generations.ensure(tags, ttlMs), state.ensure()]);
      // Something newer was asked for meanwhile, and what stood there before is gone by that.
      if (!this.#order.isWhole(token, key, tags)) return false;
      await this.#put(key, entry, ensured?.[0]);
      counts.writes++;
      return true;
    } catch (error) {
      counts.failedWrites++;
      await this.#unwritten(key, error);
      return false;
    } finally {
      this.#order.close(token);
    }
  }

  async #put(
    key: string,
    { frame, ttlMs, tags, priority, cost, loadMs, metadata }: TierEntry,
    ensured: ReadonlyMap<string, string> | undefined,
  ): Promise<void> {
    const { changes, generations, keys, link, options, state } = this.parts;
    const epoch = state.epoch ?? (await state.ensure());
    // One that was removed meanwhile makes a record that is dead from the start.
    const current = new Map(tags.map((tag) => [tag, ensured?.get(tag) ?? generations.known(tag) ?? NO_TOKEN]));
    const record = { stamp: randomToken(), key, epoch, tags: current, frame, priority, cost, loadMs, metadata };
    const name = keys.entry(key);
    const lifetime = ttlMs === Infinity ? [] : ['PX', String(Math.max(1, Math.ceil(ttlMs)))];
    await link.call(name, ['SET', name, encodeRecord(record, options.format), ...lifetime]);
    changes.changed(name);
  }

  /** What stands in Redis is older than what could not be written. */
  async #unwritten(key: string, error: unknown): Promise<void> {
    const { link, pending } = this.parts;
    const invalidation: Invalidation = { scope: 'keys', keys: [key], stale: false };
    const kind = failureKind(error);
    const { line } = link;
    // Whether a command that was not answered took effect nobody knows: it is sent again with the next heartbeat.
    if (!line || kind === 'TIMEOUT') pending.add(invalidation);
    else await sendInvalidation(invalidation, this.sender, line, this.parts);
  }
}
