import type { RedisKeys } from './keys.js';
import { randomToken } from './random-token.js';
import type { RedisArgument } from './redis-line.js';

type Call = (name: string | undefined, args: readonly RedisArgument[]) => Promise<unknown>;

/** How often the state is read again because messages came meanwhile. */
const MAX_READINGS = 5;
/** Checks in a row that have to find fewer, where messages may come later than the reply of a check. */
const LATE_CHECKS = 2;

/** What a check found: all is well; the namespace is another one; an invalidation was not heard. */
export type StateFinding = 'same' | 'moved' | 'gap';

/**
 * What this process knows of the namespace in Redis: its epoch, and how many invalidations it should have heard of.
 *
 * Whoever sends an invalidation adds one to `seq` in Redis after it published the message, so whoever has heard fewer than `seq`
 * has missed something. On a line that is ordered it may have counted more than a reply says, never fewer.
 */
export class NamespaceState {
  /** `undefined`: it is not known, or not made yet. */
  epoch: string | undefined;
  #heard = 0;
  #messages = 0;
  #clears = 0;
  /** {@link #messages} when the last check found that more was heard than was sent; -1: it did not. */
  #aheadAt = -1;
  #lates = 0;
  #adopting: Promise<string> | undefined;

  constructor(
    private readonly keys: RedisKeys,
    private readonly call: Call,
  ) {}

  /** A message came that its sender has counted. */
  heard(): void {
    this.#heard++;
    this.#messages++;
  }

  /** The namespace was cleared: whoever needs an epoch makes a new one. */
  cleared(): void {
    this.epoch = undefined;
    this.#clears++;
    this.recount();
  }

  /** Redis counts from 0 again. */
  recount(): void {
    this.#heard = 0;
    this.#messages++;
  }

  /** The epoch; read, or made, where it is not known. */
  ensure(): Promise<string> {
    if (this.epoch !== undefined) return Promise.resolve(this.epoch);
    this.#adopting ??= this.adopt(this.call).finally(() => (this.#adopting = undefined));
    return this.#adopting;
  }

  /** Takes over what Redis says now; makes an epoch where there is none. */
  async adopt(call: Call): Promise<string> {
    for (let reading = 1; ; reading++) {
      const clears = this.#clears;
      const messages = this.#messages;
      const [, state] = await Promise.all([
        call(this.keys.state, ['HSETNX', this.keys.state, 'epoch', randomToken()]),
        this.#read(call),
      ]);
      const isSettled = clears === this.#clears && state.epoch !== undefined;
      // A message that came together with the reply may be counted in it or not.
      if (!isSettled || (messages !== this.#messages && reading < MAX_READINGS)) continue;
      this.epoch = state.epoch as string;
      this.#heard = state.sequence;
      this.#lates = 0;
      this.#aheadAt = -1;
      return this.epoch;
    }
  }

  /** Compares what is known with what Redis says. */
  async check(call: Call, isOrdered: boolean): Promise<StateFinding> {
    const clears = this.#clears;
    const { epoch, sequence } = await this.#read(call);
    if (clears !== this.#clears || this.epoch === undefined) return 'same';
    if (epoch !== this.epoch) return 'moved';
    this.#lates = sequence > this.#heard ? this.#lates + 1 : 0;
    if (this.#lates >= (isOrdered ? 1 : LATE_CHECKS)) return 'gap';
    const isAhead = sequence < this.#heard;
    // Nothing was heard since the last check: a message came twice, or its sender could not count it, for want of memory.
    if (isAhead && this.#aheadAt === this.#messages) this.#heard = sequence;
    this.#aheadAt = isAhead ? this.#messages : -1;
    return 'same';
  }

  async #read(call: Call): Promise<{ epoch: string | undefined; sequence: number }> {
    const reply = await call(this.keys.state, ['HMGET', this.keys.state, 'epoch', 'seq']);
    const [epoch, sequence] = reply as unknown[];
    return { epoch: epoch === null ? undefined : String(epoch), sequence: sequence === null ? 0 : Number(sequence) };
  }
}
