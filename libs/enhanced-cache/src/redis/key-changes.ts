import type { Clock } from '../engine/ports/clock.js';

/** Those who wait for a key in Redis to change. */
export class KeyChanges {
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(private readonly clock: Clock) {}

  /**
   * Watches `name` from now on.
   *
   * @returns `wait`, which settles at the first change since then, after `ms`, or when `signal` is aborted; and `stop`.
   */
  watch(name: string): { wait(ms: number, signal?: AbortSignal): Promise<void>; stop(): void } {
    let changed!: () => void;
    const change = new Promise<void>((resolve) => (changed = resolve));
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting.add(changed));
    const stop = (): void => {
      waiting.delete(changed);
      if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
    };
    const wait = async (ms: number, signal?: AbortSignal): Promise<void> => {
      const timer = ms === Infinity ? undefined : this.clock.schedule(changed, ms);
      signal?.addEventListener('abort', changed, { once: true });
      try {
        if (!signal?.aborted) await change;
      } finally {
        timer?.cancel();
        signal?.removeEventListener('abort', changed);
        stop();
      }
    };
    return { wait, stop };
  }

  changed(name: string): void {
    const waiting = this.#waiting.get(name);
    if (!waiting) return;
    this.#waiting.delete(name);
    for (const changed of waiting) changed();
  }

  /** Any of them may have changed. */
  allChanged(): void {
    for (const name of [...this.#waiting.keys()]) this.changed(name);
  }
}
