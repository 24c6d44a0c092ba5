import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { describeAgainstModel } from '../../../test/contracts/eviction-policy.model-check.js';
import { NaiveSize } from '../../../test/support/naive-policies.js';
import { SlotWorld } from '../../../test/support/slot-world.js';
import { IDLE_TURNOVERS } from './ranked.policy.js';
import { SizePolicy } from './size.policy.js';

describe('SizePolicy', () => {
  describeEvictionPolicyContract('SIZE', (traits) => new SizePolicy(traits));
  describeAgainstModel(
    'SIZE',
    (traits) => new SizePolicy(traits),
    (traits) => new NaiveSize(traits),
  );

  const worldOf = (weights: Record<string, number>): SlotWorld => {
    const world = new SlotWorld((traits) => new SizePolicy(traits), Object.keys(weights).length);
    for (const [key, weight] of Object.entries(weights)) world.set(key, { weight });
    return world;
  };

  it('evicts the largest, and the longest resident of those that are equal', () => {
    const world = worldOf({ a: 10, b: 30, c: 30, d: 20 });
    world.hit('b', 10);
    world.maxEntries = 0;
    expect(world.evictFor(-1)).toEqual(['b', 'c', 'd', 'a']);
  });

  it('goes by the new size after an overwrite', () => {
    const world = worldOf({ a: 10, b: 20, c: 30 });
    world.set('a', { weight: 25 });
    world.set('c', { weight: 5 });
    world.maxEntries = 0;
    expect(world.evictFor(-1)).toEqual(['a', 'b', 'c']);
  });

  it('spares the newcomer even where it is the largest', () => {
    const world = worldOf({ a: 10, b: 20 });
    expect(world.set('huge', { weight: 1e9 })).toEqual(['b']);
    expect(world.set('c', { weight: 1 })).toEqual(['huge']);
  });

  it('keeps a small entry that is read while larger ones come and go', () => {
    const world = worldOf({ small: 1, large: 50, larger: 60 });
    for (let i = 0; i < 100; i++) {
      world.set(`large-${i}`, { weight: 50 + (i % 3) });
      if (i % 5 === 0) world.hit('small');
    }
    expect(world.has('small')).toBe(true);
  });

  it('lets a small entry go that nobody asks for, after a few turnovers of the cache and not before', () => {
    const world = worldOf({ small: 1, large: 50, larger: 60 });
    let evictions = 0;
    for (; world.has('small'); evictions++) world.set(`large-${evictions}`, { weight: 50 });
    // A newcomer stands beside the three that may stay while one of the four leaves.
    expect(evictions).toBe(4 * IDLE_TURNOVERS + 1);
  });

  it('goes by the size that a value has by now', () => {
    const world = new SlotWorld((traits) => new SizePolicy(traits), 2);
    world.set('large', { weight: 300 });
    world.set('small', { weight: 100 });
    world.resize('large', 50);
    expect(world.victim()).toBe('small');
  });
});
