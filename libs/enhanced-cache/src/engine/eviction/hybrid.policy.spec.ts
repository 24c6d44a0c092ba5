import fc from 'fast-check';
import { describeEvictionPolicyContract } from '../../../test/contracts/eviction-policy.contract.js';
import { playOperations } from '../../../test/contracts/eviction-policy.operations.js';
import { type EntryTraits, SlotWorld } from '../../../test/support/slot-world.js';
import { HybridPolicy } from './hybrid.policy.js';

const hybridWorld = (maxEntries: number): { world: SlotWorld; policy: () => HybridPolicy } => {
  const world = new SlotWorld((traits) => new HybridPolicy(traits), maxEntries);
  return { world, policy: () => world.policy as unknown as HybridPolicy };
};

/** A request: a read that hits, or a write. Returns whether it hit. */
const request = (world: SlotWorld, key: string, traits: Partial<EntryTraits> = {}): boolean => {
  if (world.has(key)) {
    world.hit(key);
    return true;
  }
  world.set(key, traits);
  return false;
};

describe('HybridPolicy', () => {
  describeEvictionPolicyContract('HYBRID', (traits) => new HybridPolicy(traits), { priority: 'weighed' });

  playOperations('HYBRID', (traits) => new HybridPolicy(traits));

  it.each<[string, Partial<EntryTraits>, Partial<EntryTraits>]>([
    ['the cheaper', { cost: 1 }, { cost: 2 }],
    ['the larger', { weight: 200 }, { weight: 100 }],
    ['the one of lower priority', { priority: 0 }, { priority: 1 }],
    ['the one that costs nothing', { cost: 0 }, { cost: 0.001 }],
    ['the one whose value is too small for its priority', { cost: 1 }, { cost: 3, priority: -10 }],
  ])('evicts %s of two that are otherwise equal', (_, lesser, greater) => {
    for (const order of [
      ['lesser', 'greater'],
      ['greater', 'lesser'],
    ]) {
      const { world } = hybridWorld(2);
      for (const key of order) world.set(key, key === 'lesser' ? lesser : greater);
      world.maxEntries = 0;
      expect(world.evictFor(-1)).toEqual(['lesser', 'greater']);
    }
  });

  it('keeps the one precious entry of a hundred through a scan', () => {
    const { world, policy } = hybridWorld(100);
    for (let i = 0; i < 99; i++) world.set(`cheap-${i}`);
    world.set('precious', { cost: 100 });
    for (let i = 0; i < 1000; i++) world.set(`scan-${i}`);
    expect(world.has('precious')).toBe(true);
    expect(policy().report().mode).toBe('value');
  });

  it('keeps half of a loop of twice its size, where LRU keeps nothing', () => {
    const { world, policy } = hybridWorld(200);
    let hits = 0;
    for (let i = 0; i < 40_000; i++) if (request(world, `key-${i % 400}`)) hits++;
    expect(hits / 40_000).toBeGreaterThan(0.4);
    expect(policy().report()).toMatchObject({ mode: 'use', strategy: expect.stringContaining('frequency') });
  });

  it('lets a second use count against one that was never used, once others were', () => {
    const { world, policy } = hybridWorld(400);
    for (let i = 0; i < 400; i++) request(world, `filled-${i}`);
    for (let i = 0; i < 200; i++) request(world, `scanned-${i}`);
    const letIn = (name: string): number => {
      for (let i = 0; i < 100; i++) request(world, `${name}-${i % 50}`);
      request(world, `after-${name}`);
      return Array.from({ length: 50 }, (_, i) => world.has(`${name}-${i}`)).filter(Boolean).length;
    };
    expect(letIn('early')).toBeLessThan(5);
    for (let i = 0; i < 2000; i++) request(world, `filled-${200 + (i % 200)}`);
    expect(letIn('late')).toBeGreaterThan(45);
    expect(policy().report().strategy).toBe('frequency-strict');
    policy().verify();
  });

  it('lives by recency where every key is used twice, close together', () => {
    const { world, policy } = hybridWorld(200);
    let hits = 0;
    for (let i = 0; i < 40_000; i++) {
      request(world, `key-${i}`);
      if (i >= 60 && request(world, `key-${i - 60}`)) hits++;
    }
    expect(hits / 40_000).toBeGreaterThan(0.8);
    expect(policy().report().strategyChanges).toBeGreaterThan(0);
  });

  it('changes its mind when the load does', () => {
    const { world } = hybridWorld(200);
    const twice = (from: number): number => {
      let hits = 0;
      for (let i = from; i < from + 20_000; i++) {
        request(world, `pair-${i}`);
        if (i >= from + 60 && request(world, `pair-${i - 60}`)) hits++;
      }
      return hits / 20_000;
    };
    const loop = (): number => {
      let hits = 0;
      for (let i = 0; i < 40_000; i++) if (request(world, `loop-${i % 400}`)) hits++;
      return hits / 40_000;
    };
    expect(twice(0)).toBeGreaterThan(0.7);
    expect(loop()).toBeGreaterThan(0.35);
    expect(twice(1_000_000)).toBeGreaterThan(0.7);
    expect(loop()).toBeGreaterThan(0.35);
  });

  it('goes by value while values differ and by use once they do not, and loses no entry on the way', () => {
    const { world, policy } = hybridWorld(500);
    for (let i = 0; i < 2000; i++) request(world, `differ-${i}`, { cost: i % 2 === 0 ? 1 : 6 });
    expect(policy().report()).toMatchObject({ mode: 'value', modeChanges: 1 });
    for (let i = 0; i < 20_000; i++) {
      request(world, `alike-${i % 3000}`);
      if (i % 100 === 0) expect(world.policy.verify()).toBe(world.size);
    }
    expect(policy().report()).toMatchObject({ mode: 'use', modeChanges: 2 });
    expect(world.size).toBe(500);
  });

  it('pins nothing: after the load has changed for good, every former entry leaves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.boolean(), fc.nat(), (maxEntries, differ, seed) => {
        const { world } = hybridWorld(maxEntries);
        for (let i = 0; i < maxEntries; i++) {
          world.set(`former-${seed}-${i}`, differ ? { cost: 10 ** (i % 2) } : {});
          world.hit(`former-${seed}-${i}`, 5);
        }
        const working = maxEntries * 2;
        for (let i = 0; i < 400 * working + 5000; i++) request(world, `later-${seed}-${i % working}-${i >> 12}`);
        expect(world.keys.filter((key) => key.startsWith('former'))).toEqual([]);
      }),
      { seed: 5, numRuns: 25, endOnFailure: true },
    );
  }, 60_000);

  it('samples less the larger the cache is, and starts anew where it shrank', () => {
    const { world, policy } = hybridWorld(20_000);
    for (let i = 0; i < 25_000; i++) world.set(`key-${i}`);
    expect(policy().report().sampleShare).toBe(1 / 32);
    world.maxEntries = 100;
    world.evictFor(-1);
    expect(policy().report().sampleShare).toBeGreaterThanOrEqual(1 / 4);
    for (let i = 0; i < 1000; i++) request(world, `other-${i % 300}`);
    expect(world.policy.verify()).toBe(100);
  });
});
