import { SlotWorld } from '../../../test/support/slot-world.js';
import { LruPolicy } from './lru.policy.js';
import { lowerRanked } from './turn-away.js';

describe('lowerRanked', () => {
  const world = new SlotWorld((traits) => new LruPolicy(traits), 3);
  [-1, 0, 0].forEach((priority, slot) => world.set(`key-${slot}`, { priority }));

  it.each([
    ['turns away a newcomer of lower priority than the lowest other', 0, 1, 0],
    ['evicts the other where the newcomer has the higher priority', 1, 0, 0],
    ['evicts the other where both have the same', 1, 2, 2],
    ['evicts the other where there is no newcomer', -1, 2, 2],
    ['names nothing where nothing else is resident', 0, -1, -1],
    ['names nothing where nothing is resident', -1, -1, -1],
  ])('%s', (_, newcomer, other, victim) => {
    expect(lowerRanked(world.traits, newcomer, other)).toBe(victim);
  });
});
