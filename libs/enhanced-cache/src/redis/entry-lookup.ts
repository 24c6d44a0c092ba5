import type { TierEntry } from '../engine/ports/second-tier.js';
import type { ReadRecord } from './entry-record.js';
import { AwayError } from './failure-kind.js';
import type { Reader } from './read-batch.js';
import { decodeRecord } from './records.js';
import type { RedisLine } from './redis-line.js';
import type { RedisParts } from './redis-parts.js';

/** What stands under a key, as far as a cache is concerned. */
export type Found =
  | { readonly state: 'value'; readonly entry: TierEntry; readonly bytes: Buffer }
  | { readonly state: 'missing' }
  /** Somebody is loading it; the lease ends in `ttlMs`. */
  | { readonly state: 'leased'; readonly ttlMs: number }
  /** A record that does not hold any more, or never did. */
  | { readonly state: 'dead'; readonly bytes: Buffer };

const MISSING: Found = { state: 'missing' };
const NO_TAGS: readonly string[] = [];

/**
 * Reads the entry of a key and finds out whether it holds: whether it proves itself, is of this key, of this epoch, and of the
 * generation of each of its tags that stands in Redis.
 *
 * It fails where Redis does not answer, was lost meanwhile, or does not know yet what was invalidated. No promise of its own: with
 * many reads in one reply a promise for each step costs more than the steps.
 */
export abstract class Lookup implements Reader {
  readonly #line: RedisLine | undefined;

  constructor(
    readonly key: string,
    protected readonly parts: RedisParts,
  ) {
    this.#line = parts.link.line;
  }

  /** Either this or {@link failed} is called, once; they must not throw. */
  protected abstract done(found: Found): void;

  abstract failed(error: unknown): void;

  begin(): void {
    const { batch, state } = this.parts;
    if (!this.#line) this.failed(new AwayError());
    else if (state.epoch !== undefined) batch.read(this);
    else
      state.ensure().then(
        () => batch.read(this),
        (error: unknown) => this.failed(error),
      );
  }

  found(bytes: Buffer | null | undefined, ttlMs: number, epoch: string | undefined): void {
    try {
      const found = this.#judge(bytes, ttlMs, epoch);
      if (!(found instanceof Promise)) return this.done(found);
      found.then(
        (settled) => this.done(settled),
        (error: unknown) => this.failed(error),
      );
    } catch (error) {
      this.failed(error);
    }
  }

  #judge(bytes: Buffer | null | undefined, ttlMs: number, epoch: string | undefined): Found | Promise<Found> {
    const { key, parts } = this;
    const line = this.#line as RedisLine;
    if (line.ordered) parts.noteEpoch(line, epoch);
    if (bytes === undefined) return MISSING;
    if (bytes === null) {
      parts.counts.failed('WRONGTYPE');
      throw new AwayError();
    }
    const current = line.ordered ? epoch : parts.state.epoch;
    const stored = decodeRecord(bytes, { key, epoch: current });
    if (stored.kind === 'lease') return { state: 'leased', ttlMs };
    if (stored.kind === 'corrupt') {
      parts.noteFailure('CORRUPT', stored.error);
      return { state: 'dead', bytes };
    }
    const { record } = stored;
    if (record.key !== key) {
      const error = new Error('a record of another key was returned');
      parts.noteFailure('MIXEDUP', error);
      parts.link.lose(line, error);
      throw error;
    }
    if (record.epoch !== current) return { state: 'dead', bytes };
    const { generations } = parts;
    const doubtful: string[] = [];
    for (const [tag, generation] of record.tags) if (generations.known(tag) !== generation) doubtful.push(tag);
    if (doubtful.length === 0) return this.#value(record, ttlMs, bytes);
    return generations
      .fetch(doubtful)
      .then((standing) =>
        doubtful.every((tag) => standing.get(tag) === record.tags.get(tag))
          ? this.#value(record, ttlMs, bytes)
          : { state: 'dead', bytes },
      );
  }

  /** Asked last, as the line may have been lost, or an invalidation may have failed to reach Redis, while this was read. */
  #value({ frame, priority, cost, loadMs, metadata, tags: carried }: ReadRecord, ttlMs: number, bytes: Buffer): Found {
    const { key, parts } = this;
    const tags = carried.size === 0 ? NO_TAGS : [...carried.keys()];
    if (this.#line !== parts.link.line || parts.pending.covers(key, tags)) throw new AwayError();
    return { state: 'value', bytes, entry: { frame, ttlMs, tags, priority, cost, loadMs, metadata } };
  }
}

/** Settles a promise with what it finds. */
class PromisedLookup extends Lookup {
  constructor(
    key: string,
    parts: RedisParts,
    protected readonly done: (found: Found) => void,
    readonly failed: (error: unknown) => void,
  ) {
    super(key, parts);
  }
}

export function lookUp(key: string, parts: RedisParts): Promise<Found> {
  return new Promise((resolve, reject) => new PromisedLookup(key, parts, resolve, reject).begin());
}
