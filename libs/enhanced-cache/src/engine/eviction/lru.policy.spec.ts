import { growAtOnce } from '../enlarge.js';
import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { describeAgainstModel } from '../../../test/contracts/eviction-policy.model-check.js';
import { NaiveLru } from '../../../test/support/naive-policies.js';
import { SlotWorld } from '../../../test/support/slot-world.js';
import { LruPolicy } from './lru.policy.js';

describe('LruPolicy', () => {
  describeEvictionPolicyContract('LRU', (traits) => new LruPolicy(traits));
  describeAgainstModel(
    'LRU',
    (traits) => new LruPolicy(traits),
    (traits) => new NaiveLru(traits),
  );

  const worldOf = (...keys: string[]): SlotWorld => {
    const world = new SlotWorld((traits) => new LruPolicy(traits), keys.length);
    keys.forEach((key) => world.set(key));
    return world;
  };

  it('evicts the entry that was not used for the longest time', () => {
    const world = worldOf('a', 'b', 'c');
    world.hit('a');
    expect(world.set('d')).toEqual(['b']);
    expect(world.set('e')).toEqual(['c']);
    expect(world.set('f')).toEqual(['a']);
  });

  it('counts an overwrite as a use', () => {
    const world = worldOf('a', 'b');
    world.set('a');
    expect(world.set('c')).toEqual(['b']);
  });

  it('lets a favourite go after as many evictions as there are entries', () => {
    const world = worldOf('favourite', 'b', 'c');
    world.hit('favourite', 1000);
    expect(['d', 'e', 'f'].flatMap((key) => world.set(key))).toEqual(['b', 'c', 'favourite']);
  });

  it('takes the order in which a used cache is handed over for the order of use', () => {
    const world = worldOf('a', 'b', 'c');
    world.adopt((traits) => new LruPolicy(traits), ['c', 'a', 'b']);
    world.maxEntries = 0;
    expect(world.evictFor(-1)).toEqual(['c', 'a', 'b']);
  });

  it('keeps recency within a priority, not across priorities', () => {
    const world = worldOf('a', 'b', 'c', 'd');
    world.set('a', { priority: 1 });
    world.set('b', { priority: 1 });
    world.hit('c', 5);
    world.maxEntries = 0;
    expect(world.evictFor(-1)).toEqual(['d', 'c', 'a', 'b']);
  });

  it('finds out, when it verifies itself, that a priority changed behind its back', () => {
    const priorities = [0, 0];
    const policy = new LruPolicy({ ...worldOf().traits, priority: (slot) => priorities[slot] });
    growAtOnce(policy.grow(2));
    policy.onInsert(0);
    policy.onInsert(1);
    expect(policy.verify()).toBe(2);
    priorities[1] = 5;
    expect(() => policy.verify()).toThrow('slot 1 is filed under band 100');
  });
});
