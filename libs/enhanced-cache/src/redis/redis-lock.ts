import { CacheTimeoutError, describe, TierError } from '../engine/errors.js';
import type { TierLock } from '../engine/ports/second-tier.js';
import { describeFailure } from './failure-kind.js';
import { randomToken } from './random-token.js';
import type { RedisLine } from './redis-line.js';
import type { RedisParts } from './redis-parts.js';
import { NEXT_FENCING, PROLONG, REPLACE } from './scripts.js';

/** A lock that is held for as long as its work takes is prolonged when so much of its lease is over. */
const PROLONG_AT = 1 / 3;
/** A push may be lost with its connection: who waits looks again after this long, in milliseconds. */
const LOOK_AGAIN_MS = 1000;

/**
 * Takes a lock that holds for all processes.
 *
 * It is one Redis's word: a failover may forget it. What it protects should refuse a fencing number that is lower than one it
 * has seen.
 *
 * @throws {TierError | CacheTimeoutError}
 */
export async function acquireLock(key: string, leaseMs: number, waitMs: number, parts: RedisParts): Promise<TierLock> {
  const { changes, clock, keys, link, options } = parts;
  const name = keys.lock(key);
  const token = randomToken();
  const heldMs = leaseMs === Infinity ? options.leaseMs : leaseMs;
  const giveUpAt = clock.now() + waitMs;
  for (;;) {
    const { line } = link;
    if (!line) throw new TierError(`the lock ${describe(key)} cannot be taken: Redis is out of reach`);
    const watch = changes.watch(name);
    try {
      const reply = await answered(key, link.call(name, ['SET', name, token, 'NX', 'PX', String(Math.ceil(heldMs))]));
      if (reply !== null) return await held(key, token, leaseMs, line, parts);
      const leftMs = giveUpAt - clock.now();
      if (leftMs <= 0) throw new CacheTimeoutError(`the lock ${describe(key)} was not free within ${waitMs} ms`);
      await watch.wait(Math.min(leftMs, LOOK_AGAIN_MS));
    } finally {
      watch.stop();
    }
  }
}

async function held(
  key: string,
  token: string,
  leaseMs: number,
  line: RedisLine,
  parts: RedisParts,
): Promise<TierLock> {
  const { clock, keys, link, options } = parts;
  const name = keys.lock(key);
  const call = link.call.bind(link);
  const controller = new AbortController();
  const lose = (reason: string): void => controller.abort(new CacheTimeoutError(`the lock ${describe(key)} ${reason}`));
  const prolongLater = () =>
    clock.schedule(() => {
      PROLONG.run(call, [name], [token, String(options.leaseMs)]).then(
        (prolonged) => {
          if (controller.signal.aborted) return;
          if (prolonged === 1 && line === link.line) timer = prolongLater();
          else lose('was lost');
        },
        (error: unknown) => lose(`was lost: ${describeFailure(error)}`),
      );
    }, options.leaseMs * PROLONG_AT);
  let timer = leaseMs === Infinity ? prolongLater() : clock.schedule(() => lose(`ended after ${leaseMs} ms`), leaseMs);
  const release = async (): Promise<void> => {
    timer.cancel();
    // Where that fails it ends with its lease.
    await REPLACE.run(call, [name], [token, '', '']).catch(() => undefined);
  };
  try {
    const fencing = Number(await answered(key, NEXT_FENCING.run(call, [keys.fencing], [])));
    return { fencing, signal: controller.signal, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function answered(key: string, reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    throw new TierError(`the lock ${describe(key)} cannot be taken: ${describeFailure(error)}`, { cause: error });
  }
}
