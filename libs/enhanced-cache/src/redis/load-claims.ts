import type { ClockTimer } from '../engine/ports/clock.js';
import type { LoadAnswer, LoadClaim, LoadIntent, TierEntry } from '../engine/ports/second-tier.js';
import { type Found, lookUp } from './entry-lookup.js';
import { randomToken } from './random-token.js';
import { encodeRecord, leaseRecord, proofIn, proofOf } from './records.js';
import type { RedisLine } from './redis-line.js';
import type { RedisParts } from './redis-parts.js';
import { PROLONG, REPLACE } from './scripts.js';

/** A lease is prolonged when so much of it is over. */
const PROLONG_AT = 1 / 3;
const NOTHING = Buffer.alloc(0);

/**
 * The right of a load to store what it brings: the bytes that stand in Redis when it begins, which are compared when it ends.
 *
 * Where nothing stood there that is a lease, which keeps other processes from loading the same.
 */
class RedisClaim implements LoadClaim {
  #timer: ClockTimer | undefined;

  constructor(
    private readonly parts: RedisParts,
    private readonly line: RedisLine,
    private readonly key: string,
    private readonly proof: Buffer,
    private readonly isLease: boolean,
    private readonly epoch: string,
    /** Of the tags that were known when the load began. */
    private readonly generations: ReadonlyMap<string, string>,
    private readonly begunAt: number,
  ) {
    if (isLease) this.#prolongLater();
  }

  async commit(entry: TierEntry): Promise<'stored' | 'overtaken' | 'unavailable'> {
    this.#timer?.cancel();
    const { counts, link } = this.parts;
    if (this.line !== link.line) return 'unavailable';
    try {
      const generations = await this.#generationsFor(entry);
      if (!generations) {
        this.#giveBack();
        return 'unavailable';
      }
      const stored = await this.#replace(entry, generations);
      if (!stored) counts.overtakenLoads++;
      else counts.writes++;
      return stored ? 'stored' : 'overtaken';
    } catch {
      // Why is noted where the call failed; others need not wait for the lease to end.
      counts.failedWrites++;
      this.#giveBack();
      return 'unavailable';
    }
  }

  release(): void {
    this.#timer?.cancel();
    this.#giveBack();
  }

  /** `undefined`: there is a tag of which nobody can tell whether it was invalidated since the load began. */
  async #generationsFor({ tags, ttlMs }: TierEntry): Promise<Map<string, string> | undefined> {
    const { generations } = this.parts;
    const found = new Map<string, string>();
    for (const tag of tags) {
      const generation = this.generations.get(tag) ?? generations.knownSince(tag, this.begunAt);
      if (generation !== undefined) found.set(tag, generation);
    }
    const ensured = generations.areKept(tags, ttlMs) ? undefined : generations.ensure(tags, ttlMs);
    if (ensured) await ensured;
    return found.size === tags.length ? found : undefined;
  }

  async #replace(entry: TierEntry, tags: ReadonlyMap<string, string>): Promise<boolean> {
    const { changes, keys, link, options, own } = this.parts;
    const { frame, priority, cost, loadMs, metadata, ttlMs } = entry;
    const stamp = randomToken();
    const record = { stamp, key: this.key, epoch: this.epoch, tags, frame, priority, cost, loadMs, metadata };
    const bytes = encodeRecord(record, options.format);
    own.sending(this.key, proofOf(stamp, options.format));
    const lifetime = ttlMs === Infinity ? '' : String(Math.max(1, Math.ceil(ttlMs)));
    const call = link.call.bind(link);
    const replaced = await REPLACE.run(call, [keys.entry(this.key)], [this.proof, bytes, lifetime]);
    changes.changed(keys.entry(this.key));
    return replaced === 1;
  }

  #giveBack(): void {
    const { changes, keys, link, own } = this.parts;
    if (!this.isLease || this.line !== link.line) return;
    own.sending(this.key, NOTHING);
    const name = keys.entry(this.key);
    REPLACE.run(link.call.bind(link), [name], [this.proof, NOTHING, '']).then(
      () => changes.changed(name),
      // It is noted where the call failed; the lease ends by itself.
      () => undefined,
    );
  }

  #prolongLater(): void {
    const { clock, keys, link, options, own } = this.parts;
    this.#timer = clock.schedule(() => {
      if (this.line !== link.line) return;
      own.sending(this.key, this.proof);
      const lifetime = String(options.leaseMs);
      PROLONG.run(link.call.bind(link), [keys.entry(this.key)], [this.proof, lifetime]).then(
        (prolonged) => {
          if (prolonged === 1) this.#prolongLater();
        },
        () => undefined,
      );
    }, options.leaseMs * PROLONG_AT);
  }
}

/**
 * Begins a load: with the value that stands in Redis, or with a claim, or, where another process is loading, after that one.
 *
 * It waits for one lease at most; then it is loaded without a claim.
 */
export async function claimLoad(intent: LoadIntent, parts: RedisParts): Promise<LoadAnswer> {
  const { changes, clock, counts, keys, link, options, pending } = parts;
  const { key, tags, signal } = intent;
  const giveUpAt = clock.now() + options.leaseMs;
  let hasWaited = false;
  while (!signal.aborted) {
    const { line } = link;
    if (!line || pending.covers(key, tags)) break;
    const watch = changes.watch(keys.entry(key));
    try {
      intent.reading();
      const found = await lookUp(key, parts);
      if (found.state === 'value' && !intent.renews) {
        counts.hits++;
        return { entry: found.entry };
      }
      if (found.state !== 'leased') {
        const claim = await grant(intent, found, line, parts);
        if (claim) {
          counts.misses++;
          return { claim };
        }
        if (clock.now() < giveUpAt) continue;
        break;
      }
      const leftMs = Math.min(found.ttlMs, giveUpAt - clock.now());
      if (leftMs <= 0) break;
      if (!hasWaited) counts.awaitedLoads++;
      hasWaited = true;
      await watch.wait(leftMs, signal);
    } catch {
      // Why is noted where the call failed.
      break;
    } finally {
      watch.stop();
    }
  }
  counts.unanswered++;
  return {};
}

/** `undefined`: somebody else was faster. */
async function grant(
  { key, tags, renews }: LoadIntent,
  found: Exclude<Found, { state: 'leased' }>,
  line: RedisLine,
  parts: RedisParts,
): Promise<LoadClaim | undefined> {
  const { generations, keys, link, options, own, state } = parts;
  const begunAt = generations.moment;
  const epoch = await state.ensure();
  const name = keys.entry(key);
  const lease = leaseRecord(randomToken());
  const lifetime = String(options.leaseMs);
  // What stands there may be served until it is replaced.
  const keepsValue = found.state === 'value' && renews;
  const take = async (): Promise<boolean> => {
    if (keepsValue) return true;
    if (found.state === 'missing') return (await link.call(name, ['SET', name, lease, 'NX', 'PX', lifetime])) !== null;
    own.sending(key, lease);
    return (await REPLACE.run(link.call.bind(link), [name], [proofIn(found.bytes), lease, lifetime])) === 1;
  };
  // A line that refuses the one may take the other: both are waited for.
  const [taken, known] = await Promise.allSettled([take(), generations.ensure(tags, 0)]);
  if (taken.status === 'rejected') throw taken.reason;
  if (!taken.value) return undefined;
  const proof = found.state === 'value' && keepsValue ? proofIn(found.bytes) : lease;
  const current = known.status === 'fulfilled' ? known.value : new Map<string, string>();
  return new RedisClaim(parts, line, key, proof, !keepsValue, epoch, current, begunAt);
}
