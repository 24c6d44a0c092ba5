import type { Clock } from '../engine/ports/clock.js';
import type { RedisKeys } from './keys.js';
import type { RedisArgument } from './redis-line.js';
import { READ } from './scripts.js';

/** Keys in one call: the script holds the server up for some 50 microseconds with values of 100 bytes. */
const MAX_KEYS = 128;

/** Who reads a key. Called once, one or the other, while the reply is taken apart: it must not throw. */
export interface Reader {
  readonly key: string;
  /**
   * @param bytes `undefined`: nothing stands there; `null`: something that is no record, as it is of another type.
   * @param ttlMs milliseconds left, 1 at least; `Infinity`. Counted from when it was asked for, so never more than Redis has.
   * @param epoch of the namespace when it was read; `undefined` where there is none, or it was not read.
   */
  found(bytes: Buffer | null | undefined, ttlMs: number, epoch: string | undefined): void;
  failed(error: unknown): void;
}

/**
 * Reads of one turn of the event loop in one call, with the epoch that they belong to. On a cluster each key is a call of its
 * own, without the epoch, which stands on another node.
 */
export class ReadBatch {
  #waiting: Reader[] = [];

  constructor(
    private readonly keys: RedisKeys,
    private readonly call: (name: string | undefined, args: readonly RedisArgument[]) => Promise<unknown>,
    private readonly isOneNode: () => boolean,
    private readonly clock: Clock,
  ) {}

  read(reader: Reader): void {
    this.#waiting.push(reader);
    if (this.#waiting.length === 1) queueMicrotask(() => this.flush());
    else if (this.#waiting.length === MAX_KEYS) this.flush();
  }

  /** Sends what waits now: before something else is sent that must come after it. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    if (this.isOneNode()) void this.#together(waiting);
    else for (const each of waiting) void this.#alone(each);
  }

  async #together(waiting: readonly Reader[]): Promise<void> {
    const askedAt = this.clock.now();
    let reply: unknown[];
    try {
      const names = [this.keys.state, ...waiting.map(({ key }) => this.keys.entry(key))];
      reply = (await READ.run(this.call, names, ['1'])) as unknown[];
    } catch (error) {
      for (const reader of waiting) reader.failed(error);
      return;
    }
    const tookMs = this.clock.now() - askedAt;
    const epoch = reply[0] === null ? undefined : String(reply[0]);
    for (let i = 0; i < waiting.length; i++) {
      waiting[i].found(bytesOf(reply[2 * i + 1]), ttlOf(reply[2 * i + 2], tookMs), epoch);
    }
  }

  async #alone(reader: Reader): Promise<void> {
    const askedAt = this.clock.now();
    let reply: unknown[];
    try {
      reply = (await READ.run(this.call, [this.keys.entry(reader.key)], ['0'])) as unknown[];
    } catch (error) {
      reader.failed(error);
      return;
    }
    reader.found(bytesOf(reply[0]), ttlOf(reply[1], this.clock.now() - askedAt), undefined);
  }
}

function bytesOf(reply: unknown): Buffer | null | undefined {
  if (reply === null || reply === undefined) return undefined;
  return reply instanceof Buffer ? reply : null;
}

function ttlOf(left: unknown, tookMs: number): number {
  return left === -1 ? Infinity : Math.max(1, Number(left) - tookMs);
}
