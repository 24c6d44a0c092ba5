import { describeAgainstModel } from '../../../../test/contracts/eviction-policy.model-check.js';
import { NaiveValueRanking } from '../../../../test/support/naive-policies.js';
import { type EntryTraits, SlotWorld } from '../../../../test/support/slot-world.js';
import { RankingPolicy } from '../../../../test/support/ranking-policy.js';
import { growAtOnce } from '../../enlarge.js';
import { MAX_VALUE, MIN_VALUE, REBASE_AGE, ValueRanking } from './value-ranking.js';
import { MAX_REPAIRS } from '../structures/lazy-heap.js';

const COSTS_BY_KEY: Record<string, number> = { known: 1, unknown: 1, dearer: 1.4, 'much dearer': 1.6 };

describe('ValueRanking', () => {
  describeAgainstModel(
    'value ranking',
    (traits) => new RankingPolicy(traits),
    (traits) => new NaiveValueRanking(traits),
  );

  const worldOf = (entries: Record<string, Partial<EntryTraits>>): SlotWorld => {
    const world = new SlotWorld((traits) => new RankingPolicy(traits), Object.keys(entries).length);
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

  it('puts a key that was known before it came in half a use ahead, until it is used', () => {
    const traits = new SlotWorld((slots) => new RankingPolicy(slots), 4);
    for (const key of ['known', 'unknown', 'dearer', 'much dearer']) traits.set(key, { cost: COSTS_BY_KEY[key] });
    const ranking = new ValueRanking(traits.traits);
    growAtOnce(ranking.grow(4));
    ranking.insert(0, 0, true);
    [1, 2, 3].forEach((slot) => ranking.insert(slot, 0));
    const order = [];
    for (let slot = ranking.victim(-1); slot !== -1; slot = ranking.victim(-1)) {
      order.push(slot);
      ranking.remove(slot, false);
    }
    expect(order).toEqual([1, 2, 0, 3]);
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
    for (; world.has('treasure') && evictions < 1e5; evictions++) world.set(`key-${evictions}`, passing);
    expect(evictions).toBeGreaterThan(MAX_VALUE);
    expect(evictions).toBeLessThanOrEqual(3 * MAX_VALUE);
  });

  it('still tells the smallest values apart after the greatest have raised the age many times over', () => {
    const treasure = { cost: MAX_VALUE, weight: 1 };
    const world = worldOf({ first: treasure, second: treasure });
    const rounds = 2 ** 16;
    for (let i = 0; i < rounds; i++) world.set(`treasure-${i}`, treasure);
    // Two residents, so the age rises by MAX_VALUE every other round. Unless it was rebased on the way, it is so large
    // by now that these two are equal, and the first to come would be the first to leave.
    const unrebasedAge = (rounds / 2) * MAX_VALUE;
    expect(unrebasedAge).toBeGreaterThan(1000 * REBASE_AGE);
    expect(unrebasedAge + 3 * MIN_VALUE).toBe(unrebasedAge + 2 * MIN_VALUE);
    for (const key of world.keys) world.remove(key, 'deleted');
    world.set('greater', { cost: 1, weight: 1 / (3 * MIN_VALUE) });
    world.set('lesser', { cost: 1, weight: 1 / (2 * MIN_VALUE) });
    expect(drain(world)).toEqual(['lesser', 'greater']);
  });

  it('does not age by evictions that another policy chose', () => {
    const world = worldOf({ hot: { cost: 50 }, warm: { cost: 5 }, cold: { cost: 1 } });
    world.victim();
    world.remove('hot', 'evicted');
    world.set('newcomer', { cost: 2 });
    expect(drain(world)).toEqual(['cold', 'newcomer', 'warm']);
  });

  it('does not lift an entry that came into the slot of a newcomer that left', () => {
    const world = worldOf({ a: { cost: 5 }, b: { cost: 5.5 } });
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
    const world = new SlotWorld((traits) => new RankingPolicy(traits), entries);
    for (let i = 0; i < entries; i++) world.set(`key-${i}`);
    const last = `key-${entries - 1}`;
    for (const key of world.keys) world.hit(key, key === last ? 1 : 9);
    expect(world.set('newcomer')).not.toContain(last);
    for (let i = 0; world.has(last) && i < 10; i++) world.set(`newcomer-${i}`);
    expect(world.has(last)).toBe(false);
    expect(world.policy.verify()).toBe(entries);
    // The newcomer that `last` made room for starts where the first one did, ahead of what was there before.
    expect(world.victim()).toMatch(/^key-/);
  });

  it('goes by the size that a value has by now, and by the age at which it was used', () => {
    const world = worldOf({ a: { weight: 300 }, b: { weight: 100 }, c: { weight: 200 } });
    world.resize('a', 50);
    expect(drain(world)).toEqual(['c', 'b', 'a']);
    const aged = worldOf({ old: { cost: 5 }, doomed: { cost: 4 } });
    expect(aged.set('new', { cost: 1.5 })).toEqual(['doomed']);
    // `old` was used at age 0 and is worth 5, `new` at age 4 and is worth 1.5: all by 100 bytes.
    aged.resize('old', 90);
    expect(aged.victim()).toBe('new');
    aged.resize('old', 99);
    expect(aged.victim()).toBe('old');
  });
});
