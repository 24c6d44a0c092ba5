import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { describeAgainstModel } from '../../../test/contracts/eviction-policy.model-check.js';
import { NaiveHybrid } from '../../../test/support/naive-policies.js';
import { type EntryTraits, SlotWorld } from '../../../test/support/slot-world.js';
import { HybridPolicy, MAX_VALUE, MIN_VALUE, REBASE_AGE } from './hybrid.policy.js';

describe('HybridPolicy', () => {
  describeEvictionPolicyContract('HYBRID', (traits) => new HybridPolicy(traits), { priority: 'weighed' });
  describeAgainstModel(
    'HYBRID',
    (traits) => new HybridPolicy(traits),
    (traits) => new NaiveHybrid(traits),
  );

  const worldOf = (entries: Record<string, Partial<EntryTraits>>): SlotWorld => {
    const world = new SlotWorld((traits) => new HybridPolicy(traits), Object.keys(entries).length);
    for (const [key, traits] of Object.entries(entries)) world.set(key, traits);
    return world;
  };
  const drain = (world: SlotWorld): string[] => {
    world.maxEntries = 0;
    return world.evictFor(-1);
  };

  it.each<[string, Partial<EntryTraits>, Partial<EntryTraits>]>([
    ['the cheaper', { cost: 1 }, { cost: 2 }],
    ['the larger', { weight: 200 }, { weight: 100 }],
    ['the one of lower priority', { priority: 0 }, { priority: 1 }],
    ['the one that costs nothing', { cost: 0 }, { cost: 0.001 }],
    ['the larger of two that cost nothing', { cost: 0, weight: 200 }, { cost: 0, weight: 100 }],
    ['the one whose value is too small for its priority', { cost: 1 }, { cost: 3, priority: -10 }],
  ])('evicts %s of two that are otherwise equal', (_, lesser, greater) => {
    expect(drain(worldOf({ greater, lesser }))).toEqual(['lesser', 'greater']);
    expect(drain(worldOf({ lesser, greater }))).toEqual(['lesser', 'greater']);
  });

  it('doubles the value with ten steps of priority and with every use', () => {
    const world = worldOf({ a: { cost: 3 }, b: { cost: 1, priority: 10 }, c: { cost: 1 } });
    world.hit('c', 3);
    expect(drain(world)).toEqual(['b', 'a', 'c']);
  });

  it('weighs an overwritten entry anew and counts the use', () => {
    const world = worldOf({ a: { weight: 100 }, b: { weight: 100 }, c: { weight: 60 } });
    world.set('c', { weight: 300 });
    expect(drain(world)).toEqual(['c', 'a', 'b']);
    const again = worldOf({ a: { weight: 100 }, b: { weight: 100 } });
    again.set('a', { weight: 199 });
    expect(drain(again)).toEqual(['b', 'a']);
  });

  it('starts newcomers at the age of the last evicted', () => {
    const world = worldOf({ a: { cost: 4 }, b: { cost: 4.5 } });
    expect(world.set('c', { cost: 1 })).toEqual(['a']);
    // `c` stands at 4 + 1, ahead of `b`, although it is worth far less.
    expect(drain(world)).toEqual(['b', 'c']);
  });

  it('lets an entry of the greatest value go after as many turnovers as it is worth more', () => {
    const world = worldOf({ treasure: { cost: 1e6, weight: 1, priority: 100 }, b: {}, c: {} });
    world.hit('treasure', 100_000);
    const passing = { cost: 1, weight: 1 };
    let evictions = 0;
    for (; world.has('treasure'); evictions++) world.set(`key-${evictions}`, passing);
    expect(evictions).toBeGreaterThan(MAX_VALUE);
    expect(evictions).toBeLessThanOrEqual(3 * MAX_VALUE);
  });

  it('still tells the smallest values apart after the greatest have raised the age many times over', () => {
    const treasure = { cost: MAX_VALUE, weight: 1 };
    const world = worldOf({ first: treasure, second: treasure });
    // Unless it were rebased, the age would be too large by now for a difference of MIN_VALUE to be seen.
    const rounds = 1000 * (REBASE_AGE / MAX_VALUE);
    for (let i = 0; i < rounds; i++) world.set(`treasure-${i}`, treasure);
    expect(rounds * MAX_VALUE + 3 * MIN_VALUE).toBe(rounds * MAX_VALUE + 2 * MIN_VALUE);
    for (const key of world.keys) world.remove(key, 'deleted');
    world.set('greater', { cost: 1, weight: 1 / (3 * MIN_VALUE) });
    world.set('lesser', { cost: 1, weight: 1 / (2 * MIN_VALUE) });
    expect(drain(world)).toEqual(['lesser', 'greater']);
  });
});
