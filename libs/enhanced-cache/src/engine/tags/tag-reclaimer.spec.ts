import { resolveAttributes } from '../entry/entry-attributes.js';
import { SharedCodec } from '../codec/shared.codec.js';
import { EntryStore } from '../entry/entry-store.js';
import { auditStore } from '../entry/store-audit.js';
import { FakeClock } from '../ports/fake-clock.js';
import type { Invalidation } from './tag-generations.js';
import { TagReclaimer } from './tag-reclaimer.js';

const MANY = 10_000;

/** Entries `k0`, `k1`, ...; those of odd numbers are kept for a minute beyond their freshness. */
class TaggedStore {
  readonly clock = new FakeClock();
  readonly causes: string[] = [];
  readonly errors: unknown[] = [];
  readonly store = new EntryStore({ maxEntries: 1e6, maxBytes: 1e9 }, 'lru', this.clock, (_key, _sizeBytes, cause) =>
    this.causes.push(cause),
  );
  readonly reclaimer = new TagReclaimer(this.store, this.clock, (error) => this.errors.push(error));
  readonly #codec = new SharedCodec();

  constructor(entries: number, tagsOf: (i: number) => string[]) {
    for (let i = 0; i < entries; i++) this.write(i, tagsOf(i));
  }

  write(i: number, tags: string[]): void {
    const attributes = { ...resolveAttributes({ tags }, 60_000), staleMs: i % 2 ? 60_000 : 0 };
    this.store.write(`k${i}`, this.#codec.encode(i), attributes);
  }

  reclaim(invalidation: Invalidation): Promise<number> {
    return this.reclaimer.reclaim(invalidation);
  }

  any(...tags: string[]): Promise<number> {
    return this.reclaim(this.store.tags.invalidateAny(tags, this.clock.now()));
  }

  all(...tags: string[]): Promise<number> {
    return this.reclaim(this.store.tags.invalidateAll(tags, this.clock.now()));
  }

  expire(...tags: string[]): Promise<number> {
    return this.reclaim(this.store.tags.lapse(tags, this.clock.now()));
  }

  /** Which of the entries can be read as fresh. */
  fresh(entries: number): number[] {
    return Array.from({ length: entries }, (_, i) => i).filter((i) => this.store.find(`k${i}`) !== -1);
  }
}

describe('TagReclaimer', () => {
  it('removes a few entries before the call returns', () => {
    const world = new TaggedStore(50, () => ['t']);
    void world.any('t');
    expect(world.store.resident).toBe(0);
  });

  it('answers for many with the count that is known, and removes them in later turns', async () => {
    const world = new TaggedStore(MANY, () => ['t']);
    expect(await world.any('t')).toBe(MANY);
    expect(world.store.resident).toBeGreaterThan(MANY - 100);
    while (world.store.tags.hasPending) await new Promise((resolve) => setImmediate(resolve));
    expect([world.store.resident, world.store.bytes]).toEqual([0, 0]);
  });

  it.each<[string, (world: TaggedStore) => Promise<number>]>([
    ['two tags', (world) => world.any('all', 'odd')],
    ['all of two tags', (world) => world.all('all', 'too')],
    ['an expiry by tags', (world) => world.expire('all', 'odd')],
  ])(
    'holds %s back from every reader at once, and touches only a few entries before it returns',
    async (_what, end) => {
      const world = new TaggedStore(MANY, (i) => ['all', 'too', ...(i % 2 ? ['odd'] : [])]);
      const ended = end(world);
      expect(world.store.resident).toBeGreaterThan(MANY - 100);
      expect(world.fresh(MANY)).toEqual([]);
      expect(await ended).toBe(MANY);
      expect(world.errors).toEqual([]);
    },
  );

  it('answers with the exact count when it has to look at each entry first', async () => {
    const world = new TaggedStore(3000, (i) => (i % 3 === 0 ? ['a', 'b'] : i % 3 === 1 ? ['a'] : ['c']));
    expect(await world.any('a', 'b')).toBe(2000);
    expect(world.store.resident).toBe(1000);
  });

  it('takes in what is invalidated while it is at work', async () => {
    const world = new TaggedStore(4000, (i) => [i % 2 ? 'odd' : 'even', 'all']);
    const odd = world.any('odd');
    const all = world.any('all');
    expect(await Promise.all([odd, all])).toEqual([2000, 2000]);
    expect(world.store.resident).toBe(0);
  });

  it('leaves what is kept to stand in for a load, whoever comes across it before or after', async () => {
    const world = new TaggedStore(MANY, () => ['t']);
    const { store } = world;
    const ended = world.expire('t');
    const stale = store.findKept('k1');
    expect([store.table.freshUntil(stale) <= world.clock.now(), store.findKept('k0')]).toEqual([true, -1]);
    expect(await ended).toBe(MANY);
    expect([store.resident, store.findKept('k1'), world.fresh(MANY)]).toEqual([MANY / 2, stale, []]);
    expect(new Set(world.causes)).toEqual(new Set(['deleted']));
    expect(auditStore(store)).toEqual([]);
  });

  it('counts each entry once, whether it is overwritten, deleted, evicted or settled, and spares what is new', async () => {
    const world = new TaggedStore(MANY, () => ['t', 'u']);
    const { store } = world;
    const expired = world.expire('t');
    const removed = world.all('t', 'u');
    for (let i = 100; i < 200; i++) world.write(i, ['t', 'u']);
    for (let i = 200; i < 300; i++) store.remove(store.slotOf(`k${i}`) as number, 'deleted');
    for (let i = 0; i < 100; i++) store.evictOne();
    // Half of them were gone by the first call; the others were stale, and the second removed these.
    expect(await Promise.all([expired, removed])).toEqual([MANY, MANY / 2]);
    expect(world.fresh(MANY)).toEqual(Array.from({ length: 100 }, (_, i) => 100 + i));
    expect(store.resident).toBe(100);
    expect(auditStore(store)).toEqual([]);
  });

  it('counts an entry that is overwritten while it is stale and not settled, and spares what it is overwritten with', async () => {
    const world = new TaggedStore(MANY, () => ['t']);
    const ended = world.expire('t');
    for (let i = 0; i < 100; i++) world.write(i, ['t']);
    expect(await ended).toBe(MANY);
    expect(world.fresh(MANY)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(auditStore(world.store)).toEqual([]);
  });

  it('does not let reviews pile up: who opens more than 64 helps to finish the first', () => {
    const world = new TaggedStore(MANY, (i) => ['all', `of-${i % 100}`]);
    for (let i = 0; i < 100; i++) void world.all('all', `of-${i}`);
    expect(world.store.tags.openReviews).toBeLessThanOrEqual(64);
    expect(world.fresh(MANY)).toEqual([]);
  });
});
