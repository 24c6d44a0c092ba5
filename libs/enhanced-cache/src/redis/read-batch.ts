import type { RedisKeys } from './keys.js';
import type { RedisArgument } from './redis-line.js';
import { READ } from './scripts.js';

/** Keys in one call: the script holds the server up for some 30 microseconds with values of 100 bytes. */
const MAX_KEYS = 128;

/** What stands under a key. */
export interface RawRecord {
  /** `undefined`: nothing; `null`: something that is no record, as it is of another type. */
  readonly bytes: Buffer | null | undefined;
  /** Milliseconds left; `Infinity`. */
  readonly ttlMs: number;
  /** Of the namespace when it was read; `undefined` where there is none, or it was not read. */
  readonly epoch: string | undefined;
}

interface Waiting {
  readonly key: string;
  resolve(record: RawRecord): void;
  reject(error: unknown): void;
}

/**
 * Reads of one turn of the event loop in one call, with the epoch that they belong to. On a cluster each key is a call of its
 * own, without the epoch, which stands on another node.
 */
export class ReadBatch {
  #waiting: Waiting[] = [];

  constructor(
    private readonly keys: RedisKeys,
    private readonly call: (name: string | undefined, args: readonly RedisArgument[]) => Promise<unknown>,
    private readonly isOneNode: () => boolean,
  ) {}

  read(key: string): Promise<RawRecord> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, resolve, reject });
      if (this.#waiting.length === 1) queueMicrotask(() => this.flush());
      else if (this.#waiting.length === MAX_KEYS) this.flush();
    });
  }

  /** Sends what waits now: before something else is sent that must come after it. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    if (this.isOneNode()) void this.#together(waiting);
    else for (const each of waiting) void this.#alone(each);
  }

  async #together(waiting: readonly Waiting[]): Promise<void> {
    try {
      const names = [this.keys.state, ...waiting.map(({ key }) => this.keys.entry(key))];
      const reply = (await READ.run(this.call, names, ['1'])) as unknown[];
      const epoch = reply[0] === null ? undefined : String(reply[0]);
      waiting.forEach(({ resolve }, i) => resolve(rawRecord(reply[2 * i + 1], reply[2 * i + 2], epoch)));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  async #alone({ key, resolve, reject }: Waiting): Promise<void> {
    try {
      const [bytes, left] = (await READ.run(this.call, [this.keys.entry(key)], ['0'])) as unknown[];
      resolve(rawRecord(bytes, left, undefined));
    } catch (error) {
      reject(error);
    }
  }
}

function rawRecord(bytes: unknown, left: unknown, epoch: string | undefined): RawRecord {
  const ttlMs = left === -1 ? Infinity : Number(left);
  if (bytes === null || bytes === undefined) return { bytes: undefined, ttlMs, epoch };
  return { bytes: Buffer.isBuffer(bytes) ? bytes : null, ttlMs, epoch };
}
