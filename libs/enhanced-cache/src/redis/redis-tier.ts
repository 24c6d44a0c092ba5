import { TierError } from '../engine/errors.js';
import type { Announced, BusListener, Invalidation } from '../engine/ports/coherence-bus.js';
import type {
  AttachedTier,
  LoadAnswer,
  LoadIntent,
  TierEntry,
  TierHost,
  TierLock,
  TierReport,
} from '../engine/ports/second-tier.js';
import { sendInvalidation } from './announcements.js';
import { readMessage } from './channel-message.js';
import { readEntry } from './entry-read.js';
import { describeFailure } from './failure-kind.js';
import { KeyChanges } from './key-changes.js';
import { RedisKeys } from './keys.js';
import { Link, type LinkUser } from './link.js';
import { claimLoad } from './load-claims.js';
import { NamespaceState } from './namespace-state.js';
import { OwnChanges } from './own-changes.js';
import { PendingInvalidations } from './pending-invalidations.js';
import { randomToken } from './random-token.js';
import { ReadBatch } from './read-batch.js';
import { isLeaseStart } from './records.js';
import type { OpenLine, RedisLine } from './redis-line.js';
import { acquireLock } from './redis-lock.js';
import type { RedisParts } from './redis-parts.js';
import type { ResolvedRedisOptions } from './redis-tier-options.js';
import { RemoteGenerations } from './remote-generations.js';
import { TierCounts } from './tier-counts.js';
import { TierWrites } from './tier-writes.js';

/**
 * Redis as second tier and as the bus between processes. The protocol, and what each fault leads to, stands in
 * docs/adr/0010-redis-tier.md.
 */
export class RedisTier implements AttachedTier {
  readonly attached = true;
  readonly compresses: boolean;
  readonly #parts: RedisParts;
  readonly #link: Link;
  /** By which this process knows its own messages. */
  readonly #sender = randomToken();
  readonly #writes: TierWrites;
  #listener!: BusListener;
  /** Until it is known whether Redis can be joined at once: what is asked for before that waits, as long as for an answer. */
  #starting: Promise<void> | undefined;
  #started!: () => void;

  constructor(
    private readonly options: ResolvedRedisOptions,
    open: OpenLine,
    private readonly host: TierHost,
  ) {
    const { clock } = host;
    this.compresses = options.format !== 'json';
    const keys = new RedisKeys(options.keyPrefix ?? `enhanced-cache:${host.name}`);
    const subject = { prefixes: [keys.entries, keys.locks], channel: keys.channel };
    this.#link = new Link(open, subject, options.times, this.#user(), clock);
    const call = this.#link.call.bind(this.#link);
    this.#parts = {
      options,
      clock,
      keys,
      link: this.#link,
      state: new NamespaceState(keys, call),
      batch: new ReadBatch(keys, call, () => this.#link.line?.ordered ?? true, clock),
      generations: new RemoteGenerations(keys, call, clock),
      pending: new PendingInvalidations(),
      changes: new KeyChanges(clock),
      own: new OwnChanges(keys, call, clock),
      counts: new TierCounts(),
      noteEpoch: (line, epoch) => this.#noteEpoch(line, epoch),
      noteFailure: (kind, error) => this.#noteFailure(kind, error),
    };
    this.#writes = new TierWrites(this.#parts, this.#sender);
  }

  get memoryTtlMs(): number {
    const { memoryTtlMs, awayTtlMs } = this.options;
    return this.#link.joined ? memoryTtlMs : Math.min(memoryTtlMs, awayTtlMs);
  }

  listen(listener: BusListener): void {
    this.#listener = listener;
    this.#starting = new Promise((resolve) => {
      const timer = this.host.clock.schedule(() => this.#started(), this.options.times.deadlineMs);
      this.#started = () => {
        timer.cancel();
        this.#starting = undefined;
        resolve();
      };
    });
    this.#link.start();
  }

  read<T>(key: string, use: (entry: TierEntry | undefined) => T): Promise<T> {
    const parts = this.#parts;
    return this.#starting ? this.#starting.then(() => readEntry(key, parts, use)) : readEntry(key, parts, use);
  }

  async claim(intent: LoadIntent): Promise<LoadAnswer> {
    if (this.#starting) await this.#starting;
    return claimLoad(intent, this.#parts);
  }

  write(key: string, entry: TierEntry): Promise<boolean> {
    const writes = this.#writes;
    writes.overtakeKey(key);
    const writing = this.#starting ? this.#starting.then(() => writes.write(key, entry)) : writes.write(key, entry);
    return this.options.awaitWrites ? writing : Promise.resolve(true);
  }

  async touch(key: string, ttlMs: number): Promise<boolean> {
    if (this.#starting) await this.#starting;
    const { keys, link } = this.#parts;
    const name = keys.entry(key);
    const args = ttlMs === Infinity ? ['PERSIST', name] : ['PEXPIRE', name, String(Math.ceil(ttlMs))];
    const reply = await link.call(name, args).catch(() => 0);
    return reply === 1;
  }

  announce(invalidation: Invalidation): Promise<Announced> {
    return this.#starting ? this.#starting.then(() => this.#announce(invalidation)) : this.#announce(invalidation);
  }

  #announce(invalidation: Invalidation): Promise<Announced> {
    const { batch, changes, generations, keys, link, pending, state } = this.#parts;
    // What was asked for before is read before.
    batch.flush();
    this.#writes.overtake(invalidation);
    if (invalidation.scope === 'tags') {
      generations.forget(invalidation.tags);
    } else if (invalidation.scope === 'everything') {
      generations.forgetAll();
      state.cleared();
    }
    const { line } = link;
    if (!line) {
      pending.add(invalidation);
      return Promise.resolve({ propagated: false, removed: 0 });
    }
    const sent = sendInvalidation(invalidation, this.#sender, line, this.#parts);
    if (invalidation.scope === 'keys') for (const key of invalidation.keys) changes.changed(keys.entry(key));
    return sent;
  }

  async lock(key: string, leaseMs: number, waitMs: number): Promise<TierLock> {
    if (this.#starting) await this.#starting;
    return acquireLock(key, leaseMs, waitMs, this.#parts);
  }

  report(): TierReport {
    const { counts, link, pending } = this.#parts;
    const { hits, misses, unanswered, writes, failedWrites, overtakenLoads, awaitedLoads } = counts;
    const { invalidationsSent, invalidationsReceived, distrusts, failures } = counts;
    return {
      kind: 'redis',
      state: link.joined ? 'joined' : 'away',
      stateSeconds: Math.round(link.stateMs) / 1000,
      reason: link.reason,
      hits,
      misses,
      unanswered,
      writes,
      failedWrites,
      overtakenLoads,
      awaitedLoads,
      invalidationsSent,
      invalidationsReceived,
      pendingInvalidations: pending.size,
      distrusts,
      failures,
    };
  }

  async close(): Promise<void> {
    const { changes, link, pending } = this.#parts;
    const { line } = link;
    if (line && pending.size > 0) await this.#sendPending(line);
    link.close();
    this.#started();
    changes.allChanged();
  }

  #user(): LinkUser {
    return {
      changed: (name) => this.#changed(name),
      message: (text) => this.#heard(text),
      join: (line) => this.#join(line),
      joined: () => {
        this.#started();
        this.host.changed('joined', null);
      },
      tried: () => this.#started(),
      lost: (reason) => {
        this.#distrust(`Redis was lost: ${reason}`);
        this.#parts.changes.allChanged();
        this.host.changed('away', reason);
      },
      beat: (line) => this.#beat(line),
      failed: (kind, error) => this.#noteFailure(kind, error),
    };
  }

  async #join(line: RedisLine): Promise<void> {
    const { state } = this.#parts;
    state.epoch = undefined;
    this.#forget();
    await this.#sendPending(line);
    await state.adopt((name, args) => this.#link.ask(line, name, args));
    this.#distrust('Redis was joined');
  }

  async #beat(line: RedisLine): Promise<void> {
    const { pending, state } = this.#parts;
    const { heartbeatMs } = this.options.times;
    if (pending.size > 0) await this.#sendPending(line);
    const ask = (name: string | undefined, args: Parameters<RedisLine['send']>[1]): Promise<unknown> =>
      this.#link.ask(line, name, args, heartbeatMs);
    const finding = await state.check(ask, line.ordered);
    if (finding === 'same') return;
    this.#distrust(finding === 'gap' ? 'an invalidation was not heard' : 'the namespace in Redis is another one');
    await state.adopt(ask);
  }

  async #sendPending(line: RedisLine): Promise<void> {
    const { pending } = this.#parts;
    if (pending.size === 0) return;
    const portion = pending.portion();
    const sent = await Promise.all(
      portion.invalidations.map((each) => sendInvalidation(each, this.#sender, line, this.#parts)),
    );
    // What failed was added again, with a higher number.
    if (sent.length > 0) portion.acknowledge();
  }

  #changed(name: string | null): void {
    const { changes, keys, own } = this.#parts;
    if (name === null) {
      this.#distrust('Redis was flushed');
      this.#parts.state.epoch = undefined;
      changes.allChanged();
      return;
    }
    changes.changed(name);
    const key = keys.keyOf(name);
    if (key === undefined) return;
    const doubt = own.mayEcho(key)
      ? own.isAsLeft(key)
      : // Its time may have ended in Redis as well, or somebody may have begun to load it: what is kept here may stand in.
        this.#listener.keepsStale(key) && this.#isMissed(key);
    if (!doubt) return this.#apply(key);
    doubt.then(
      (isUntouched) => {
        if (!isUntouched) this.#apply(key);
      },
      () => this.#apply(key),
    );
  }

  /** Whether Redis has no value under `key`. That somebody deleted it would be told on the channel. */
  async #isMissed(key: string): Promise<boolean> {
    const { keys, link } = this.#parts;
    const name = keys.entry(key);
    const start = await link.call(name, ['GETRANGE', name, '0', '0']);
    return Buffer.isBuffer(start) && (start.byteLength === 0 || isLeaseStart(start));
  }

  #apply(key: string): void {
    this.#listener.applyRemote({ scope: 'keys', keys: [key], stale: false });
  }

  #heard(text: string): void {
    const { counts, generations, state } = this.#parts;
    const message = readMessage(text);
    if (!message) return this.#noteFailure('MESSAGE', new Error('a message on the channel is none of ours'));
    const { sender, invalidation } = message;
    const isClear = invalidation !== 'unknown' && invalidation.scope === 'everything';
    if (!isClear) state.heard();
    else if (sender === this.#sender) state.recount();
    else state.cleared();
    if (sender === this.#sender) return;
    counts.invalidationsReceived++;
    if (invalidation === 'unknown') return this.#distrust('a message of an unknown kind was heard');
    if (invalidation.scope === 'tags') generations.forget(invalidation.tags);
    if (isClear) generations.forgetAll();
    this.#listener.applyRemote(invalidation);
  }

  /** A reply carries another epoch than the one that is known: the state was lost, or a clear is about to be heard. */
  #noteEpoch(line: RedisLine, epoch: string | undefined): void {
    const { state } = this.#parts;
    if (line !== this.#link.line || state.epoch === undefined || state.epoch === epoch) return;
    state.epoch = undefined;
    this.#distrust('the namespace in Redis is another one');
  }

  #distrust(reason: string): void {
    this.#parts.counts.distrusts++;
    this.#forget();
    this.#listener.distrust(reason);
  }

  #forget(): void {
    this.#parts.generations.forgetAll();
    this.#parts.own.clear();
  }

  /** Counted each time, told the first time of each kind. */
  #noteFailure(kind: string, error: unknown): void {
    // To be away is no failure of a call, and a script that Redis has forgotten is sent again.
    if (kind === 'AWAY' || this.#parts.counts.failed(kind) > 1 || kind === 'NOSCRIPT') return;
    this.host.failed(`Redis: ${kind}`, new TierError(describeFailure(error), { cause: error }));
  }
}
