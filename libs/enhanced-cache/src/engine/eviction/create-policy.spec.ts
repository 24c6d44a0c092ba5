import { InvalidOptionsError } from '../errors.js';
import { EvictionPolicyName } from '../options/enums.js';
import { SlotWorld, type VerifiablePolicy } from '../../../test/support/slot-world.js';
import { createEvictionPolicy } from './create-policy.js';

describe('createEvictionPolicy', () => {
  it.each([
    // The first to leave by the policy's own measure; policies of another measure prefer another key.
    [EvictionPolicyName.LRU, 'unused'],
    [EvictionPolicyName.LFU, 'unloved'],
    [EvictionPolicyName.TTL, 'brief'],
    [EvictionPolicyName.SIZE, 'large'],
    [EvictionPolicyName.HYBRID, 'worthless'],
    [EvictionPolicyName.TINYLFU, 'unloved'],
    [EvictionPolicyName.S3FIFO, 'unloved'],
  ])('makes the %s policy', (name, victim) => {
    const world = new SlotWorld((traits) => createEvictionPolicy(name, traits) as VerifiablePolicy, 5);
    world.set('unused', { weight: 2 });
    world.set('unloved', { weight: 1, cost: 100 });
    world.set('brief', { weight: 2, expiresAt: 1 });
    world.set('large', { weight: 9, cost: 100 });
    world.set('worthless', { weight: 2, cost: 0.001 });
    world.hit('unused', 9);
    world.hit('brief', 9);
    world.hit('large', 9);
    world.hit('worthless', 9);
    world.hit('unloved');
    expect(world.victim()).toBe(victim);
  });

  it('refuses a name that is none, and says which there are', () => {
    const make = (): unknown => createEvictionPolicy('fifo' as never, {} as never);
    expect(make).toThrow(InvalidOptionsError);
    expect(make).toThrow(
      'evictionPolicy: expected one of lru, lfu, ttl, size, hybrid, tinylfu, s3fifo, received "fifo"',
    );
  });
});
