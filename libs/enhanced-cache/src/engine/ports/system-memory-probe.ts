import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { ControlGroup } from '../pressure/control-group.js';
import type { HeapReading, MemoryProbe, ProcessReading } from './memory-probe.js';

/** The memory of this process: V8's own figures, and those of the control group that the process runs in. */
class SystemMemoryProbe implements MemoryProbe {
  readonly #group = new ControlGroup();

  /** Cost: some 2 µs. */
  heap(): HeapReading {
    const { used_heap_size, heap_size_limit, external_memory } = getHeapStatistics();
    return { usedBytes: used_heap_size, limitBytes: heap_size_limit, externalBytes: external_memory };
  }

  /** Cost: some 100 µs, three small files of the kernel's. */
  process(): ProcessReading | undefined {
    return this.#group.read();
  }

  onCollection(collected: () => void): () => void {
    const observer = new PerformanceObserver((list) => {
      if (list.getEntries().some(isMajor)) collected();
    });
    observer.observe({ entryTypes: ['gc'] });
    return () => observer.disconnect();
  }
}

/** Node's types do not know the detail of an entry. */
function isMajor(entry: PerformanceEntry): boolean {
  const { detail } = entry as { detail?: { kind?: number } };
  return detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

/** The only one that there need be: all caches of a process share what is read. */
export const SYSTEM_MEMORY: MemoryProbe = new SystemMemoryProbe();
