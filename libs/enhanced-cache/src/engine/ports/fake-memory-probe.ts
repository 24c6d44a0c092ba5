import type { HeapReading, MemoryProbe, ProcessReading } from './memory-probe.js';

const MIB = 1024 * 1024;

/** Memory that is what a test says it is. */
export class FakeMemoryProbe implements MemoryProbe {
  heapUsedBytes = 0;
  youngBytes = 0;
  heapLimitBytes = 1024 * MIB;
  externalBytes = 0;
  /** `undefined`: nothing limits the process. */
  processMemory: ProcessReading | undefined;
  readonly #listeners = new Set<() => void>();

  /** Who listens for collections now. */
  get listeners(): number {
    return this.#listeners.size;
  }

  heap(): HeapReading {
    const { heapUsedBytes: usedBytes, youngBytes, heapLimitBytes: limitBytes, externalBytes } = this;
    return { usedBytes, youngBytes, limitBytes, externalBytes };
  }

  process(): ProcessReading | undefined {
    return this.processMemory;
  }

  onCollection(collected: () => void): () => void {
    this.#listeners.add(collected);
    return () => this.#listeners.delete(collected);
  }

  /** A collection of the whole heap that left `heapUsedBytes`. */
  collect(heapUsedBytes: number = this.heapUsedBytes): void {
    this.heapUsedBytes = heapUsedBytes;
    for (const collected of [...this.#listeners]) collected();
  }
}
