import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { describeAgainstModel } from '../../../test/contracts/eviction-policy.model-check.js';
import { NaiveLfu } from '../../../test/support/naive-policies.js';
import { SlotWorld } from '../../../test/support/slot-world.js';
import { LfuPolicy } from './lfu.policy.js';
import { MAX_REPAIRS } from './structures/lazy-heap.js';
import { MAX_FREQUENCY } from './structures/slot-frequencies.js';

describe('LfuPolicy', () => {
  describeEvictionPolicyContract('LFU', (traits) => new LfuPolicy(traits));
  describeAgainstModel(
    'LFU',
    (traits) => new LfuPolicy(traits),
    (traits) => new NaiveLfu(traits),
  );

  const worldOf = (hits: Record<string, number>, priority = 0): SlotWorld => {
    const world = new SlotWorld((traits) => new LfuPolicy(traits), Object.keys(hits).length);
    for (const key of Object.keys(hits)) world.set(key, { priority });
    for (const [key, times] of Object.entries(hits)) world.hit(key, times);
    return world;
  };
  const drain = (world: SlotWorld): string[] => {
    world.maxEntries = 0;
    return world.evictFor(-1);
  };

  it('evicts the entry that was used least often, and the longest resident of those that are equal', () => {
    expect(drain(worldOf({ a: 3, b: 1, c: 2, d: 1, e: 0 }))).toEqual(['e', 'b', 'd', 'c', 'a']);
  });

  it('counts an overwrite as a use and keeps the count', () => {
    const world = worldOf({ a: 2, b: 2, c: 3 });
    world.set('a');
    expect(drain(world)).toEqual(['b', 'a', 'c']);
  });

  it('starts newcomers at the age of the last evicted', () => {
    const world = worldOf({ a: 4, b: 5 });
    expect(world.set('c')).toEqual(['a']);
    // The age is 5 now: `c` stands at 6, level with `b`, which has been here longer.
    expect(drain(world)).toEqual(['b', 'c']);
  });

  it('does not age by entries that expire or are deleted', () => {
    const world = worldOf({ a: 9, b: 8, c: 1 });
    world.remove('a', 'expired');
    world.remove('b', 'deleted');
    world.set('d');
    expect(drain(world)).toEqual(['d', 'c']);
  });

  it('lets yesterday’s favourite go after as many turnovers as it was counted, however often it was read', () => {
    const world = worldOf({ favourite: 100_000, b: 0, c: 0 });
    let evictions = 0;
    for (; world.has('favourite') && evictions < 1e5; evictions++) world.set(`key-${evictions}`);
    expect(evictions).toBeGreaterThan(MAX_FREQUENCY);
    expect(evictions).toBeLessThanOrEqual(3 * MAX_FREQUENCY);
  });

  it('ages each priority by its own evictions alone', () => {
    const world = worldOf({ steady: 5, fading: 2 }, 1);
    world.maxEntries = 3;
    for (let i = 0; i < 100; i++) world.set(`unimportant-${i}`);
    world.set('important', { priority: 1 });
    // An age raised by the unimportant would have put the newcomer far ahead of `steady`.
    expect(drain(world)).toEqual(['important', 'fading', 'steady']);
  });

  it('counts what was read before it took over', () => {
    const world = worldOf({ a: 5, b: 3, c: 4 });
    world.adopt((traits) => new LfuPolicy(traits));
    world.hit('b', 2);
    expect(drain(world)).toEqual(['c', 'a', 'b']);
  });

  it('does not age by evictions that another policy chose', () => {
    const world = worldOf({ hot: 50, warm: 5, cold: 0 });
    world.victim();
    world.remove('hot', 'evicted');
    world.set('newcomer');
    expect(drain(world)).toEqual(['cold', 'newcomer', 'warm']);
  });

  it('does not lift an entry that came into the slot of a newcomer that left', () => {
    const world = worldOf({ a: 4, b: 5 });
    world.maxEntries = 9;
    world.set('brief');
    expect(world.victim(world.slotOf('brief'))).toBe('a');
    const slot = world.slotOf('brief');
    world.remove('brief', 'deleted');
    world.set('next');
    expect(world.slotOf('next')).toBe(slot);
    world.remove('a', 'evicted');
    expect(world.victim()).toBe('next');
  });

  it('never grows younger, even where the victim was the lowest of many only', () => {
    const entries = 2 * MAX_REPAIRS;
    const world = new SlotWorld((traits) => new LfuPolicy(traits), entries);
    for (let i = 0; i < entries; i++) world.set(`key-${i}`);
    const last = `key-${entries - 1}`;
    for (const key of world.keys) world.hit(key, key === last ? 1 : 9);
    // What is looked at first stands at 10, and one of that leaves although `last` stands at 2.
    expect(world.set('newcomer')).not.toContain(last);
    for (let i = 0; world.has(last) && i < 10; i++) world.set(`newcomer-${i}`);
    expect(world.has(last)).toBe(false);
    expect(world.policy.verify()).toBe(entries);
    // The newcomer that `last` made room for starts at 11 like the others, not at 3.
    expect(world.victim()).toMatch(/^key-/);
  });
});
