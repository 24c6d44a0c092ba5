import { closeSync, openSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

/**
 * Time by the clock, and what of it the main thread may have worked.
 *
 * There are two upper bounds of that, each with its own error, and the smaller is nearer to the truth: the CPU time of
 * the process, which has that of its other threads in it, and the time that passed less the time that the thread spent
 * ready to run on a core that another one had (Linux; 0 elsewhere), which misses what a host does to its guest.
 */
export class ThreadTime {
  #file;
  #buffer = Buffer.alloc(64);

  constructor() {
    try {
      this.#file = openSync('/proc/self/schedstat', 'r');
    } catch {
      this.#file = undefined;
    }
  }

  /** All in milliseconds. */
  now() {
    const { user, system } = process.cpuUsage();
    return { at: performance.now(), cpuMs: (user + system) / 1000, waitedMs: this.#waitedMs() };
  }

  close() {
    if (this.#file !== undefined) closeSync(this.#file);
  }

  #waitedMs() {
    if (this.#file === undefined) return 0;
    const length = readSync(this.#file, this.#buffer, 0, this.#buffer.length, 0);
    return Number(this.#buffer.toString('latin1', 0, length).split(' ')[1]) / 1e6;
  }
}
