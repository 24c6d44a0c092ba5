import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { playOperations } from '../../../test/contracts/eviction-policy.operations.js';
import { SlotWorld } from '../../../test/support/slot-world.js';
import { TinyLfuPolicy } from './tinylfu.policy.js';

const worldOf = (maxEntries: number): SlotWorld => new SlotWorld((traits) => new TinyLfuPolicy(traits), maxEntries);

describe('TinyLfuPolicy', () => {
  describeEvictionPolicyContract('TINYLFU', (traits) => new TinyLfuPolicy(traits));
  playOperations('TINYLFU', (traits) => new TinyLfuPolicy(traits));

  it('keeps what is used through a scan', () => {
    const world = worldOf(100);
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 100; i++) {
        if (round === 0) world.set(`used-${i}`);
        world.hit(`used-${i}`);
      }
    }
    for (let i = 0; i < 500; i++) world.set(`scan-${i}`);
    expect(world.keys.filter((key) => key.startsWith('used')).length).toBeGreaterThan(90);
  });

  it('lets a key in that was asked for often, though it was evicted each time', () => {
    const world = worldOf(100);
    for (let i = 0; i < 100; i++) world.set(`filling-${i}`);
    for (let i = 0; i < 8; i++) {
      world.set('wanted');
      for (let j = 0; j < 20; j++) world.set(`scan-${i}-${j}`);
    }
    expect(world.has('wanted')).toBe(true);
  });

  it('pins nothing: what was used often leaves once others are used', () => {
    const world = worldOf(50);
    for (let i = 0; i < 50; i++) {
      world.set(`former-${i}`);
      world.hit(`former-${i}`, 100);
    }
    for (let i = 0; i < 20_000; i++) {
      const key = `later-${i % 150}`;
      if (world.has(key)) world.hit(key);
      else world.set(key);
    }
    expect(world.keys.filter((key) => key.startsWith('former'))).toEqual([]);
  });
});
