import { jest } from '@jest/globals';
import { SharedCodec } from '../codec/shared.codec.js';
import { EntryStore } from '../entry/entry-store.js';
import { FakeClock } from '../ports/fake-clock.js';
import { ExpirySweeper, SWEEP_INTERVAL_MS } from './expiry-sweeper.js';

function sweptStore() {
  const clock = new FakeClock();
  const expired: string[] = [];
  const store: EntryStore = new EntryStore({ maxEntries: 1e6, maxBytes: 1e9 }, 'lru', clock, (key, _, cause) => {
    if (cause === 'expired') expired.push(key);
  });
  const errors: unknown[] = [];
  const sweeper = new ExpirySweeper(store, clock, (error) => errors.push(error));
  const codec = new SharedCodec();
  const set = (key: string, ttlMs: number): void => {
    store.write(key, codec.encode(key), {
      ttlMs,
      staleMs: 0,
      loadMs: 0,
      tags: [],
      priority: 0,
      cost: 1,
      metadata: undefined,
    });
    sweeper.notice(clock.now() + ttlMs);
  };
  return { clock, store, sweeper, expired, errors, set };
}

describe('ExpirySweeper', () => {
  it('removes what is due when it is due, and nothing else', () => {
    const { clock, store, expired, set } = sweptStore();
    set('soon', 1000);
    set('later', 5000);
    set('never', Infinity);
    clock.advance(999);
    expect(expired).toEqual([]);
    clock.advance(1);
    expect(expired).toEqual(['soon']);
    clock.advance(4000);
    expect(expired).toEqual(['soon', 'later']);
    expect([store.resident, clock.pendingTimers]).toEqual([1, 0]);
  });

  it('comes earlier for an entry that is due before what it waits for', () => {
    const { clock, expired, set } = sweptStore();
    set('late', 60_000);
    set('early', 2000);
    clock.advance(2000);
    expect(expired).toEqual(['early']);
  });

  it('sweeps at most once an interval, however many entries are due one after the other', () => {
    const { clock, store, expired, set } = sweptStore();
    const swept = jest.spyOn(store.expiry, 'settle');
    for (let i = 1; i <= 1000; i++) set(`k${i}`, 1000 + i);
    clock.advance(1000 + 1000 + SWEEP_INTERVAL_MS);
    expect(expired).toHaveLength(1000);
    expect(swept.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('lets the event loop turn while many entries leave at one instant', async () => {
    const { clock, store, set } = sweptStore();
    for (let i = 0; i < 20_000; i++) set(`k${i}`, 1000);
    let turns = 0;
    const defer = clock.defer.bind(clock);
    clock.defer = (task) => {
      turns++;
      defer(task);
    };
    clock.advance(1000);
    expect(turns).toBeGreaterThanOrEqual(4);
    expect(store.resident).toBe(0);
  });

  it('is stopped by a clear in the middle of a sweep, and finds what comes after it', () => {
    const { clock, store, expired, set } = sweptStore();
    for (let i = 0; i < 10_000; i++) set(`k${i}`, 1000);
    clock.defer = (task) => {
      store.clear();
      task();
    };
    clock.advance(1000);
    expect(expired.length).toBeLessThan(10_000);
    set('new', 1000);
    clock.advance(1000);
    expect(expired.at(-1)).toBe('new');
  });

  it('has no timer once it is closed', () => {
    const { clock, sweeper, expired, set } = sweptStore();
    set('k', 1000);
    sweeper.close();
    set('other', 500);
    expect(clock.pendingTimers).toBe(0);
    clock.advance(2000);
    expect(expired).toEqual([]);
  });

  it('reports an error of its own work and goes on', () => {
    const { clock, store, errors, expired, set } = sweptStore();
    set('k', 1000);
    const remove = store.remove.bind(store);
    store.remove = () => {
      store.remove = remove;
      throw new Error('broken');
    };
    clock.advance(1000);
    clock.advance(SWEEP_INTERVAL_MS);
    expect(expired).toEqual(['k']);
    return Promise.resolve().then(() => expect(errors).toHaveLength(1));
  });
});
