import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROCESS = fileURLToPath(new URL('./instance.mjs', import.meta.url));
const NS_PER_MS = 1e6;

/**
 * From the acknowledgement of a write in one process until the memories of the other two have dropped what was there before, by
 * the monotonic clock of the machine, which all processes share.
 *
 * @returns {Promise<number[]>} milliseconds, one for each of `writes`; 0 where it was heard before the writer knew.
 */
export async function stalenessWindows(url, writes) {
  const [writer, ...others] = Array.from({ length: 3 }, () => new Instance());
  const windows = [];
  try {
    for (const instance of [writer, ...others]) await instance.ask('open', { url });
    for (let version = 1; version <= writes; version++) {
      await writer.ask('write', { version });
      await Promise.all(others.map((other) => other.ask('hold', { version })));
      const writtenAt = await writer.ask('write', { version: version + 0.5 });
      const droppedAt = await Promise.all(others.map((other) => other.ask('dropped', { version })));
      windows.push(Math.max(0, Math.max(...droppedAt) - writtenAt) / NS_PER_MS);
    }
  } finally {
    await Promise.all([writer, ...others].map((instance) => instance.close()));
  }
  return windows;
}

/** An instance in a process of its own, asked one thing at a time. */
class Instance {
  #child = fork(PROCESS, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  #exited = new Promise((resolve) => this.#child.once('exit', (code, signal) => resolve(signal ?? code)));

  async ask(task, details) {
    const answered = new Promise((resolve) => this.#child.once('message', resolve));
    this.#child.send({ task, ...details });
    const gone = this.#exited.then((end) => ({ failure: `its process ended with ${end}` }));
    const { result, failure } = await Promise.race([answered, gone]);
    if (failure) throw new Error(failure);
    return result;
  }

  async close() {
    this.#child.kill();
    await this.#exited;
  }
}
