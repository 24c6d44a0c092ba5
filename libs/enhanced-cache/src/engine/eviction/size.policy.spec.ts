import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { describeAgainstModel } from '../../../test/contracts/eviction-policy.model-check.js';
import { NaiveSize } from '../../../test/support/naive-policies.js';
import { SlotWorld } from '../../../test/support/slot-world.js';
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

  it('keeps small entries while larger ones come and go, and lets them go once all are as small', () => {
    const world = worldOf({ small: 1, large: 50, larger: 60 });
    for (let i = 0; i < 100; i++) world.set(`large-${i}`, { weight: 50 + (i % 3) });
    expect(world.has('small')).toBe(true);
    for (let i = 0; i < 2; i++) world.set(`small-${i}`, { weight: 1 });
    expect(world.keys).toEqual(['small', 'small-0', 'small-1']);
    expect(world.set('small-2', { weight: 1 })).toEqual(['small']);
  });

  it('goes by the size that a value has by now', () => {
    const world = new SlotWorld((traits) => new SizePolicy(traits), 2);
    world.set('large', { weight: 300 });
    world.set('small', { weight: 100 });
    world.resize('large', 50);
    expect(world.victim()).toBe('small');
  });
});
