import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { describeAgainstModel } from '../../../test/contracts/eviction-policy.model-check.js';
import { NaiveTtl } from '../../../test/support/naive-policies.js';
import { SlotWorld } from '../../../test/support/slot-world.js';
import { IDLE_TURNOVERS } from './ranked.policy.js';
import { TtlPolicy } from './ttl.policy.js';

describe('TtlPolicy', () => {
  describeEvictionPolicyContract('TTL', (traits) => new TtlPolicy(traits));
  describeAgainstModel(
    'TTL',
    (traits) => new TtlPolicy(traits),
    (traits) => new NaiveTtl(traits),
  );

  const worldOf = (expiries: Record<string, number>): SlotWorld => {
    const world = new SlotWorld((traits) => new TtlPolicy(traits), Object.keys(expiries).length);
    for (const [key, expiresAt] of Object.entries(expiries)) world.set(key, { expiresAt });
    return world;
  };
  const drain = (world: SlotWorld): string[] => {
    world.maxEntries = 0;
    return world.evictFor(-1);
  };

  it('evicts what expires soonest, and what never expires last', () => {
    expect(drain(worldOf({ never: Infinity, late: 300, soon: 100, alsoNever: Infinity, later: 301 }))).toEqual([
      'soon',
      'late',
      'later',
      'never',
      'alsoNever',
    ]);
  });

  it('evicts the longest resident of those that expire together, reads or not', () => {
    const world = worldOf({ a: 100, b: 100, c: 100 });
    world.hit('a', 10);
    world.set('b', { expiresAt: 100 });
    expect(drain(world)).toEqual(['a', 'b', 'c']);
  });

  it('goes by the new expiry after a touch', () => {
    const world = worldOf({ a: 100, b: 200, c: 300 });
    world.touch('a', 250);
    expect(drain(world)).toEqual(['b', 'a', 'c']);
  });

  it('spares the newcomer even where it expires first', () => {
    const world = worldOf({ a: 100, b: 200 });
    expect(world.set('brief', { expiresAt: 1 })).toEqual(['a']);
    expect(world.set('c', { expiresAt: 150 })).toEqual(['brief']);
  });

  it('lets an entry go within one turnover where all live equally long, and keeps one that never expires and is read', () => {
    const world = worldOf({ never: Infinity, a: 1, b: 2 });
    for (let i = 3; i < 100; i++) {
      world.set(`key-${i}`, { expiresAt: i });
      if (i % 5 === 0) world.hit('never');
    }
    expect(world.keys).toEqual(['never', 'key-98', 'key-99']);
  });

  it('lets an entry go that never expires but is not read, after a few turnovers of the cache', () => {
    const world = worldOf({ never: Infinity, a: 1, b: 2 });
    let evictions = 0;
    for (; world.has('never'); evictions++) world.set(`key-${evictions}`, { expiresAt: 3 + evictions });
    expect(evictions).toBe(4 * IDLE_TURNOVERS + 1);
  });
});
