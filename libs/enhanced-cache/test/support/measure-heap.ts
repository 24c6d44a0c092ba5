import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The heap of a test process also moves by itself; the median of so many rounds does not care. */
const ROUNDS = 5;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/**
 * What one instance of something really takes: the growth of the heap and of ArrayBuffers over `count` of them, in bytes
 * each, without the pointer that holds it. Each instance must be made anew by `make`.
 */
export function measureHeap<T>(make: (index: number) => T, count: number): { bytes: number; sample: T } {
  const kept = new Array<T | undefined>(count).fill(undefined);
  // A first round compiles code and makes shapes, which belong to no instance.
  for (let index = 0; index < Math.min(count, 200); index++) kept[index] = make(index);
  const rounds = Array.from({ length: ROUNDS }, () => {
    kept.fill(undefined);
    const before = usedBytes();
    for (let index = 0; index < count; index++) kept[index] = make(index);
    return (usedBytes() - before) / count;
  });
  return { bytes: median(rounds), sample: kept[count - 1] as T };
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function usedBytes(): number {
  collect();
  collect();
  return getHeapStatistics().used_heap_size + process.memoryUsage().arrayBuffers;
}
