import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { describeAgainstModel } from '../../../test/contracts/eviction-policy.model-check.js';
import { NaiveS3Fifo } from '../../../test/support/naive-policies.js';
import { SlotWorld } from '../../../test/support/slot-world.js';
import { S3FifoPolicy } from './s3fifo.policy.js';

describe('S3FifoPolicy', () => {
  describeEvictionPolicyContract('S3FIFO', (traits) => new S3FifoPolicy(traits));
  describeAgainstModel(
    'S3FIFO',
    (traits) => new S3FifoPolicy(traits),
    (traits) => new NaiveS3Fifo(traits),
  );

  const worldOf = (maxEntries: number): SlotWorld => new SlotWorld((traits) => new S3FifoPolicy(traits), maxEntries);

  it('lets a scan pass through the small queue', () => {
    const world = worldOf(100);
    for (let i = 0; i < 100; i++) {
      world.set(`used-${i}`);
      world.hit(`used-${i}`, 2);
    }
    for (let i = 0; i < 1000; i++) world.set(`scan-${i}`);
    const kept = world.keys.filter((key) => key.startsWith('used'));
    expect(kept.length).toBeGreaterThanOrEqual(85);
  });

  it('takes a key that comes back soon after its eviction into the main queue', () => {
    const world = worldOf(20);
    for (let i = 0; i < 20; i++) world.set(`first-${i}`);
    const [left] = world.set('next');
    world.set(left);
    for (let i = 0; i < 19; i++) world.set(`scan-${i}`);
    expect(world.has(left)).toBe(true);
  });

  it('pins nothing: what was used often leaves once others are used', () => {
    const world = worldOf(50);
    for (let i = 0; i < 50; i++) {
      world.set(`former-${i}`);
      world.hit(`former-${i}`, 100);
    }
    for (let i = 0; i < 2000; i++) {
      world.set(`later-${i % 150}`);
      world.hit(`later-${i % 150}`, 2);
    }
    expect(world.keys.filter((key) => key.startsWith('former'))).toEqual([]);
  });
});
