import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { isMainThread, resourceLimits } from 'node:worker_threads';
import { ControlGroup } from '../pressure/control-group.js';
import { type HeapFlags, oldGenerationLimit } from './heap-limit.js';
import type { HeapReading, MemoryProbe, ProcessReading } from './memory-probe.js';

/** V8's spaces of objects that have just been made. */
const YOUNG: ReadonlySet<string> = new Set(['new_space', 'new_large_object_space']);

/** The memory of this process: V8's own figures, and those of the control group that the process runs in. */
class SystemMemoryProbe implements MemoryProbe {
  readonly #group = new ControlGroup();
  readonly #flags = heapFlags();

  /** Cost: some 3 µs. */
  heap(): HeapReading {
    const { used_heap_size, heap_size_limit, external_memory } = getHeapStatistics();
    const limitBytes = oldGenerationLimit(heap_size_limit, this.#flags);
    return { usedBytes: used_heap_size, youngBytes: youngBytes(), limitBytes, externalBytes: external_memory };
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

function youngBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => YOUNG.has(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

function heapFlags(): HeapFlags {
  const options = process.env.NODE_OPTIONS?.split(/\s+/) ?? [];
  return {
    flags: [...options, ...process.execArgv],
    workerLimitMb: isMainThread ? undefined : resourceLimits.maxOldGenerationSizeMb,
    nodeMajor: Number.parseInt(process.versions.node, 10),
  };
}

/** Node's types do not know the detail of an entry. */
function isMajor(entry: PerformanceEntry): boolean {
  const { detail } = entry as { detail?: { kind?: number } };
  return detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

/** The only one that there need be: all caches of a process share what is read. */
export const SYSTEM_MEMORY: MemoryProbe = new SystemMemoryProbe();
