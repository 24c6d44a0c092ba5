import { CacheCore } from '../../src/engine/cache-core.js';
import { EntryStore } from '../../src/engine/entry/entry-store.js';
import { Flights } from '../../src/engine/loading/flights.js';
import { WriteFence } from '../../src/engine/loading/write-fence.js';
import type { Clock } from '../../src/engine/ports/clock.js';
import { ENHANCED_CACHE_VARIANTS, enhancedCache } from './enhanced-cache.contestant.js';
import { schedulesUntilStale } from './run-schedules.js';

const SEED = 20_261_122;

interface Guard {
  readonly guard: string;
  /** Within how many schedules its absence has to show. */
  readonly within: number;
  readonly replaced: readonly Replaced[];
}

interface Replaced {
  readonly of: object;
  readonly member: string;
  /** What stands there where the guard is left out. */
  readonly by: PropertyDescriptor;
}

const nothing: PropertyDescriptor = { value: () => undefined };
const joinsAnything: Replaced = { of: WriteFence.prototype, member: 'sequence', by: { get: () => 0 } };

const GUARDS: readonly Guard[] = [
  {
    guard: 'the fence at the store',
    within: 500,
    replaced: [{ of: WriteFence.prototype, member: 'isWhole', by: { value: () => true } }],
  },
  {
    guard: 'the fence of keys',
    within: 500,
    replaced: [{ of: WriteFence.prototype, member: 'invalidateKey', by: nothing }],
  },
  {
    guard: 'the fence of tags',
    within: 500,
    replaced: [{ of: WriteFence.prototype, member: 'invalidateTags', by: nothing }],
  },
  {
    guard: 'the fence of everything',
    within: 500,
    replaced: [{ of: WriteFence.prototype, member: 'invalidateEverything', by: nothing }],
  },
  {
    guard: 'detaching all loads',
    within: 10_000,
    replaced: [{ of: Flights.prototype, member: 'detachAll', by: nothing }],
  },
  {
    guard: 'loading anew for who joined after the invalidation of a tag that was not known yet',
    within: 10_000,
    replaced: [joinsAnything],
  },
  {
    // Either of the two is enough: who joined an overtaken load loads anew.
    guard: 'both detaching the load of a key and loading anew for who joined it too late',
    within: 1000,
    replaced: [{ of: Flights.prototype, member: 'detach', by: nothing }, joinsAnything],
  },
  {
    guard: 'both detaching the loads with a tag and loading anew for who joined one too late',
    within: 4000,
    replaced: [{ of: Flights.prototype, member: 'detachTagged', by: nothing }, joinsAnything],
  },
  {
    guard: 'removing what is kept past its lifetime',
    within: 10_000,
    replaced: [{ of: CacheCore.prototype, member: 'delete', by: { value: deleteWhatIsFresh } }],
  },
  {
    guard: 'removing the old value where a set is refused',
    within: 1000,
    replaced: [{ of: CacheCore.prototype, member: 'write', by: { value: writeOrLeaveIt } }],
  },
  {
    guard: 'removing what is kept past its lifetime where a set is refused',
    within: 20_000,
    replaced: [{ of: CacheCore.prototype, member: 'write', by: { value: writeOrDeleteWhatIsFresh } }],
  },
  {
    guard: 'ending lifetimes by the clock that reads go by',
    within: 1000,
    replaced: [{ of: EntryStore.prototype, member: 'lapse', by: { value: lapseByTheExactClock } }],
  },
];

function deleteWhatIsFresh(this: CacheCore, key: string): boolean {
  this.invalidate(key);
  const slot = this.store.find(key);
  if (slot !== -1) this.store.remove(slot, 'deleted');
  return slot !== -1;
}

type Write = CacheCore['write'];

function writeOrLeaveIt(this: CacheCore, ...[key, value, attributes]: Parameters<Write>): void {
  this.invalidate(key);
  this.place(key, this.encode(value), attributes());
}

function writeOrDeleteWhatIsFresh(this: CacheCore, ...written: Parameters<Write>): void {
  try {
    writeOrLeaveIt.apply(this, written);
  } catch (error) {
    deleteWhatIsFresh.call(this, written[0]);
    throw error;
  }
}

function lapseByTheExactClock(this: EntryStore, slot: number): void {
  const clock = Reflect.get(this, 'clock') as Clock;
  if (this.keptFor(slot) === 0) this.remove(slot, 'deleted');
  else this.table.lapse(slot, Math.min(this.table.freshUntil(slot), clock.now()));
}

describe('the schedules played on this cache without one of its guards', () => {
  it.each(GUARDS)(
    'show stale reads without $guard',
    async ({ guard, within, replaced }) => {
      const restore = replaced.map(replace);
      try {
        const options = { schedules: within, seed: SEED };
        const needed = await schedulesUntilStale(enhancedCache, ENHANCED_CACHE_VARIANTS, options);
        process.stdout.write(`races without ${guard}: seed ${SEED}, first stale read in schedule ${needed}\n`);
        expect(needed).toBeDefined();
      } finally {
        restore.forEach((undo) => undo());
      }
    },
    120_000,
  );
});

function replace({ of, member, by }: Replaced): () => void {
  const original = Object.getOwnPropertyDescriptor(of, member) as PropertyDescriptor;
  Object.defineProperty(of, member, { ...by, configurable: true });
  return () => Object.defineProperty(of, member, original);
}
