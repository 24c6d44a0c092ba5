import { resolveAttributes } from './entry-attributes.js';
import { SharedCodec } from '../codec/shared.codec.js';
import { GROUP_SLOTS } from '../expiry/expiry-bound.js';
import { FakeClock } from '../ports/fake-clock.js';
import { EntryStore } from './entry-store.js';
import { COUNTED_GROUPS, countLive, SAMPLE_SLOTS } from './live-count.js';

const ENTRIES = 20_000;

function filled(entries: number, of: (i: number) => { tags?: string[]; ttl?: number }) {
  const clock = new FakeClock();
  const store = new EntryStore({ maxEntries: 1e6, maxBytes: 1e9 }, 'lru', clock, () => undefined);
  const codec = new SharedCodec();
  for (let i = 0; i < entries; i++) store.write(`k${i}`, codec.encode(i), resolveAttributes(of(i), Infinity));
  let looks = 0;
  const { isLive } = store;
  store.isLive = (slot, now) => {
    looks++;
    return isLive.call(store, slot, now);
  };
  /** What is counted, what is true, and how many entries were asked. */
  const count = () => {
    const counted = countLive(store, clock.now());
    const asked = looks;
    let live = 0;
    for (let slot = 0; slot < store.table.used; slot++) if (isLive.call(store, slot, clock.now())) live++;
    return { counted, live, asked };
  };
  return { clock, store, count };
}

describe('countLive', () => {
  it('is exact while expired entries wait, without asking entries one by one', () => {
    const { clock, count } = filled(ENTRIES, (i) => ({ ttl: i % 7 ? 60 : 1 + (i % 3) }));
    clock.advance(2000);
    const { counted, live, asked } = count();
    expect([counted, asked]).toEqual([live, 0]);
    expect(live).toBeLessThan(ENTRIES);
  });

  it('estimates how many have expired from some groups where many have one, looking at no more slots than those', () => {
    const entries = 3 * COUNTED_GROUPS * GROUP_SLOTS;
    const { clock, store, count } = filled(entries, (i) => ({ ttl: i % 3 ? 1 + (i % 2) : 60 }));
    clock.advance(2000);
    let slots = 0;
    const { countExpired } = store.table;
    store.table.countExpired = (from, end, now) => {
      slots += end - from;
      return countExpired.call(store.table, from, end, now);
    };
    const { counted, live } = count();
    expect(slots).toBe(COUNTED_GROUPS * GROUP_SLOTS);
    expect(live).toBe(entries / 3);
    expect(Math.abs(counted - live)).toBeLessThan(entries / 100);
  });

  it('is exact at once where one tag was invalidated', () => {
    const { clock, store, count } = filled(ENTRIES, (i) => ({ tags: [i % 10 ? 'most' : 'few'] }));
    store.tags.invalidateAny(['few'], clock.now());
    expect(count()).toEqual({ counted: 18_000, live: 18_000, asked: 0 });
  });

  it('is exact in a small cache, whatever was invalidated', () => {
    const { clock, store, count } = filled(SAMPLE_SLOTS, (i) => ({ tags: ['all', `${i % 3}`], ttl: 1 + (i % 2) }));
    store.tags.invalidateAll(['all', '0'], clock.now());
    store.tags.lapse(['1'], clock.now());
    clock.advance(1000);
    const { counted, live } = count();
    expect(counted).toBe(live);
    expect(live).toBeGreaterThan(0);
  });

  it('estimates from a sample where many wait, within what is certain', () => {
    const { clock, store, count } = filled(ENTRIES, (i) => ({
      tags: ['all', i % 4 ? 'three quarters' : 'one quarter'],
    }));
    store.tags.invalidateAll(['all', 'three quarters'], clock.now());
    const { counted, live, asked } = count();
    expect(live).toBe(ENTRIES / 4);
    expect(asked).toBe(SAMPLE_SLOTS);
    expect(Math.abs(counted - live)).toBeLessThan(0.04 * ENTRIES);
  });

  it('is off by no more than may be ended', () => {
    const { clock, store, count } = filled(ENTRIES, (i) => ({ tags: i < 30 ? ['a', 'b'] : [] }));
    store.tags.invalidateAny(['a', 'b'], clock.now());
    const { counted, live } = count();
    expect(live).toBe(ENTRIES - 30);
    expect(counted).toBeGreaterThanOrEqual(ENTRIES - 60);
  });
});
