import { SharedCodec } from '../codec/shared.codec.js';
import { EntryStore } from '../entry/entry-store.js';
import { FakeClock } from '../ports/fake-clock.js';
import { TagReclaimer } from './tag-reclaimer.js';

function taggedStore(entries: number, tagsOf: (i: number) => string[]) {
  const clock = new FakeClock();
  const store = new EntryStore({ maxEntries: 1e6, maxBytes: 1e9 }, 'lru', clock, () => undefined);
  const codec = new SharedCodec();
  for (let i = 0; i < entries; i++) {
    const attributes = {
      ttlMs: Infinity,
      staleMs: 0,
      loadMs: 0,
      tags: tagsOf(i),
      priority: 0,
      cost: 1,
      metadata: undefined,
    };
    store.write(`k${i}`, codec.encode(i), attributes);
  }
  const errors: unknown[] = [];
  return { clock, store, errors, reclaimer: new TagReclaimer(store, clock, (error) => errors.push(error)) };
}

describe('TagReclaimer', () => {
  it('removes a few entries before the call returns', () => {
    const { store, reclaimer } = taggedStore(50, () => ['t']);
    void reclaimer.reclaim(store.tags.invalidateAny(['t'], 0));
    expect(store.resident).toBe(0);
  });

  it('answers for many with the count that is known, and removes them in later turns', async () => {
    const { store, reclaimer } = taggedStore(10_000, () => ['t']);
    expect(await reclaimer.reclaim(store.tags.invalidateAny(['t'], 0))).toBe(10_000);
    expect(store.resident).toBeGreaterThan(9000);
    while (store.tags.hasPending) await new Promise((resolve) => setImmediate(resolve));
    expect([store.resident, store.bytes]).toEqual([0, 0]);
  });

  it('answers with the exact count when it has to look at each entry first', async () => {
    const { store, reclaimer } = taggedStore(3000, (i) => (i % 3 === 0 ? ['a', 'b'] : i % 3 === 1 ? ['a'] : ['c']));
    expect(await reclaimer.reclaim(store.tags.invalidateAny(['a', 'b'], 0))).toBe(2000);
    expect(store.resident).toBe(1000);
  });

  it('takes in what is invalidated while it is at work', async () => {
    const { store, reclaimer } = taggedStore(4000, (i) => [i % 2 ? 'odd' : 'even', 'all']);
    const odd = reclaimer.reclaim(store.tags.invalidateAny(['odd'], 0));
    const all = reclaimer.reclaim(store.tags.invalidateAny(['all'], 0));
    expect(await Promise.all([odd, all])).toEqual([2000, 2000]);
    expect(store.resident).toBe(0);
  });
});
