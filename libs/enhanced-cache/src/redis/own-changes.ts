import type { Clock } from '../engine/ports/clock.js';
import type { RedisKeys } from './keys.js';
import type { RedisArgument } from './redis-line.js';

/** So long after a script was sent its own push may still come, in milliseconds. */
const ECHO_MS = 1000;

interface Sent {
  /** The first bytes of what the script puts there; empty: nothing is there afterwards. */
  readonly proof: Buffer;
  readonly at: number;
}

/**
 * Pushes that a process's own scripts bring back, as `NOLOOP` does not hold for scripts.
 *
 * A push does not say whose change it is about, and several changes may share one. So what stands in Redis is looked at: only
 * where that is what the script put there, the push was an echo.
 */
export class OwnChanges {
  readonly #sent = new Map<string, Sent>();

  constructor(
    private readonly keys: RedisKeys,
    private readonly call: (name: string | undefined, args: readonly RedisArgument[]) => Promise<unknown>,
    private readonly clock: Clock,
  ) {}

  /** A script is about to be sent that leaves `key` so. */
  sending(key: string, proof: Buffer): void {
    // The oldest first, as each goes to the end when it is sent again.
    this.#sent.delete(key);
    this.#sent.set(key, { proof, at: this.clock.now() });
    for (const [oldest, { at }] of this.#sent) {
      if (this.clock.now() - at < ECHO_MS) break;
      this.#sent.delete(oldest);
    }
  }

  /** Whether a push about `key` may be an echo. */
  mayEcho(key: string): boolean {
    const sent = this.#sent.get(key);
    return sent !== undefined && this.clock.now() - sent.at < ECHO_MS;
  }

  /** Whether `key` stands in Redis as the last script left it. */
  async isAsLeft(key: string): Promise<boolean> {
    const asked = this.#sent.get(key);
    if (!asked) return false;
    const name = this.keys.entry(key);
    const found = await this.call(name, ['GETRANGE', name, '0', String(Math.max(asked.proof.byteLength, 1) - 1)]);
    const sent = this.#sent.get(key);
    if (!Buffer.isBuffer(found)) return false;
    // As it was left when the push came, or by what was sent since: a change of anybody else's brings a push of its own.
    const isSame = found.equals(asked.proof) || (sent !== undefined && found.equals(sent.proof));
    if (isSame && sent === asked) this.#sent.delete(key);
    return isSame;
  }

  clear(): void {
    this.#sent.clear();
  }
}
