import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SYSTEM_MEMORY } from './system-memory-probe.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('the memory of this process', () => {
  it('is read from V8, the limit without the young generation', () => {
    const { usedBytes, limitBytes } = SYSTEM_MEMORY.heap();
    expect(usedBytes).toBeGreaterThan(1024 * 1024);
    expect(limitBytes).toBeGreaterThan(usedBytes);
    expect(limitBytes).toBeLessThan(getHeapStatistics().heap_size_limit);
    const made = Array.from({ length: 50_000 }, (_, i) => ({ i }));
    const { youngBytes } = SYSTEM_MEMORY.heap();
    expect(youngBytes).toBeGreaterThan(0);
    expect(youngBytes).toBeLessThan(SYSTEM_MEMORY.heap().usedBytes);
    expect(made).toHaveLength(50_000);
    const bytes = Buffer.allocUnsafeSlow(100_000_000);
    // In all: what others left behind may be freed at any moment.
    expect(SYSTEM_MEMORY.heap().externalBytes).toBeGreaterThanOrEqual(bytes.byteLength);
  });

  it('tells of collections of the whole heap, until it is told not to', async () => {
    let collections = 0;
    const stop = SYSTEM_MEMORY.onCollection(() => collections++);
    // Entries of the observer come in a later turn; other collections may happen by themselves.
    const heard = async (atLeast: number): Promise<boolean> => {
      for (let turn = 0; turn < 200 && collections < atLeast; turn++)
        await new Promise((resolve) => setTimeout(resolve, 5));
      return collections >= atLeast;
    };
    try {
      collectGarbage();
      expect(await heard(1)).toBe(true);
    } finally {
      stop();
    }
    const before = collections;
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(collections).toBe(before);
  });
});
