import fc from 'fast-check';
import { Counters } from '../analytics/counters.js';
import { resolveAttributes } from '../entry/entry-attributes.js';
import { EntryStore } from '../entry/entry-store.js';
import { auditStore } from '../entry/store-audit.js';
import { FakeClock } from '../ports/fake-clock.js';
import { BackgroundCompression } from './background-compression.js';
import { measureStored } from './held-bytes.js';
import { StoredKind, type StoredValue } from './value-codec.js';

const KEYS = 6;
const MAX_ENTRIES = 4;
const SIZE = 40_000;

interface Unfinished {
  readonly text: string;
  readonly resolve: (smaller: StoredValue | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** A form that shows which value it is of, in `length` bytes. */
function formOf(text: string, length: number): StoredValue {
  const data = Buffer.alloc(length);
  data.write(text);
  const heldBytes = measureStored(StoredKind.FRAME, data);
  return { kind: StoredKind.FRAME, data, originalBytes: SIZE, storedBytes: length, heldBytes };
}

class Simulation {
  readonly clock = new FakeClock();
  readonly counters = new Counters();
  readonly unfinished: Unfinished[] = [];
  readonly texts = new Map<string, string>();
  readonly store: EntryStore;
  readonly background: BackgroundCompression;
  failures = 0;
  #versions = 0;

  constructor(policy: 'lru' | 'size' | 'hybrid') {
    const limits = { maxEntries: MAX_ENTRIES, maxBytes: 2.5 * SIZE };
    this.store = new EntryStore(
      limits,
      policy,
      this.clock,
      (key) => this.texts.delete(key),
      () => undefined,
    );
    this.background = new BackgroundCompression(this.store, this.clock, this.counters, () => this.failures++);
  }

  set(key: string, isDeferred: boolean): void {
    const text = `${key} v${++this.#versions};`;
    const form = { ...formOf(text, SIZE), ...(isDeferred && { deferred: this.#deferral(text) }) };
    const attributes = resolveAttributes(undefined, Infinity);
    this.texts.set(key, text);
    if (this.store.write(key, form, attributes) === 'turned-away') return;
    if (form.deferred) this.background.submit(this.store.slotOf(key) as number, form);
  }

  delete(key: string): void {
    const slot = this.store.slotOf(key);
    if (slot !== undefined) this.store.remove(slot, 'deleted');
  }

  clear(): void {
    this.store.clear();
    this.texts.clear();
  }

  finish(index: number, outcome: 'smaller' | 'same' | 'failed'): void {
    const [job] = this.unfinished.splice(index % Math.max(this.unfinished.length, 1), 1);
    if (!job) return;
    if (outcome === 'failed') job.reject(new Error(job.text));
    else job.resolve(outcome === 'smaller' ? formOf(job.text, SIZE / 4) : undefined);
  }

  check(): void {
    expect(auditStore(this.store)).toEqual([]);
    for (const [key, text] of this.texts) {
      const slot = this.store.slotOf(key) as number;
      expect(String(this.store.table.data[slot])).toMatch(new RegExp(`^${text}`));
    }
    expect(this.store.resident).toBe(this.texts.size);
    expect(this.unfinished.length).toBeLessThanOrEqual(2);
  }

  #deferral(text: string) {
    return {
      now: () => undefined,
      offLoop: () =>
        new Promise<StoredValue | undefined>((resolve, reject) => this.unfinished.push({ text, resolve, reject })),
    };
  }
}

const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('set' as const), key: fc.nat(KEYS - 1), deferred: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), key: fc.nat(KEYS - 1) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'clear' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'advance' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('finish' as const),
      index: fc.nat(3),
      outcome: fc.constantFrom('smaller' as const, 'same' as const, 'failed' as const),
    }),
  },
);

describe('BackgroundCompression over the store', () => {
  it('never changes what is under a key nor loses count of a byte, whatever happens meanwhile', async () => {
    let swaps = 0;
    let late = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('lru' as const, 'size' as const, 'hybrid' as const),
        fc.array(operation, { minLength: 30, maxLength: 120 }),
        async (policy, operations) => {
          const simulation = new Simulation(policy);
          for (const step of operations) {
            if (step.do === 'set') simulation.set(`k${step.key}`, step.deferred);
            else if (step.do === 'delete') simulation.delete(`k${step.key}`);
            else if (step.do === 'clear') simulation.clear();
            else if (step.do === 'advance') simulation.clock.advance(1);
            else simulation.finish(step.index, step.outcome);
            await new Promise((resolve) => setImmediate(resolve));
            simulation.check();
          }
          while (simulation.unfinished.length > 0 || simulation.clock.pendingTimers > 0) {
            simulation.finish(0, 'smaller');
            await new Promise((resolve) => setImmediate(resolve));
            simulation.clock.advance(1);
          }
          simulation.check();
          expect(simulation.background.pendingBytes).toBe(0);
          expect(simulation.failures).toBe(simulation.counters.failedCompressions);
          swaps += simulation.counters.backgroundCompressions;
          late += simulation.counters.lateCompressions;
        },
      ),
      { seed: 20260103, numRuns: 300 },
    );
    // Both happened often: the property is not true for want of cases.
    expect(swaps).toBeGreaterThan(300);
    expect(late).toBeGreaterThan(60);
  }, 60_000);
});
