import { growAtOnce } from '../../src/engine/enlarge.js';
import type { SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { PLAIN, SlotWorld, type VerifiablePolicy } from '../support/slot-world.js';

export interface EvictionPolicyPromises {
  /**
   * `first`: whatever else it is worth, an entry of higher priority outlives one of lower, and a newcomer that all
   * others outrank is turned away. `weighed`: so it is where everything else is equal, and nobody is turned away.
   */
  priority: 'first' | 'weighed';
}

/** What every eviction policy promises, whichever entry it prefers. */
export function describeEvictionPolicyContract(
  name: string,
  factory: (traits: SlotTraits) => VerifiablePolicy,
  promises: EvictionPolicyPromises = { priority: 'first' },
): void {
  const worldOf = (maxEntries: number, keys = 0): SlotWorld => {
    const world = new SlotWorld(factory, maxEntries);
    for (let i = 0; i < keys; i++) world.set(`key-${i}`);
    return world;
  };

  describe(`${name}, as an eviction policy`, () => {
    it('names no victim where nothing is resident', () => {
      const world = worldOf(4);
      expect(world.policy.victim(-1)).toBe(-1);
      world.set('a');
      world.remove('a', 'deleted');
      expect(world.policy.victim(-1)).toBe(-1);
    });

    it('names no victim where the newcomer is alone, and the newcomer where anything may leave', () => {
      const world = worldOf(4, 1);
      expect(world.policy.victim(world.slotOf('key-0'))).toBe(-1);
      expect(world.victim()).toBe('key-0');
    });

    it('peeks: asking again without a change gives the same answer, and nothing leaves', () => {
      const world = worldOf(8, 8);
      for (const key of ['key-3', 'key-0', 'key-0']) world.hit(key);
      const first = world.victim();
      expect(world.victim()).toBe(first);
      expect(world.victim()).toBe(first);
      expect(world.policy.verify()).toBe(8);
    });

    it('never names the newcomer where it ranks with the others', () => {
      const world = worldOf(8, 8);
      for (let i = 0; i < 8; i++) world.hit(`key-${i}`, 20);
      for (let i = 8; i < 200; i++) {
        const left = world.set(`key-${i}`);
        expect(left).toHaveLength(1);
        expect(left).not.toContain(`key-${i}`);
      }
    });

    it('names another resident whichever of them was just overwritten', () => {
      const world = worldOf(5, 5);
      for (const key of world.keys) {
        world.set(key);
        const victim = world.victim(world.slotOf(key));
        expect(world.keys).toContain(victim);
        expect(victim).not.toBe(key);
      }
    });

    it('spares the newcomer even where others are used before room is made for it', () => {
      const world = worldOf(3, 3);
      world.set('key-2');
      world.hit('key-0', 5);
      world.hit('key-1', 5);
      expect(world.victim(world.slotOf('key-2'))).toMatch(/key-[01]/);
    });

    it('gives up every resident once, and then has none', () => {
      const world = worldOf(300, 300);
      for (let i = 0; i < 300; i += 7) world.hit(`key-${i}`, (i % 5) + 1);
      const expected = new Set(world.keys);
      world.maxEntries = 0;
      const left = world.evictFor(-1);
      expect(left).toHaveLength(300);
      expect(new Set(left)).toEqual(expected);
      expect(world.policy.victim(-1)).toBe(-1);
      expect(world.policy.verify()).toBe(0);
    });

    it('forgets what was in a slot that is used again', () => {
      const drained = (world: SlotWorld): string[] => {
        world.set('a');
        world.set('b', { weight: 90, expiresAt: 50 });
        for (const key of ['reborn', 'b', 'a']) world.hit(key);
        world.maxEntries = 0;
        return world.evictFor(-1);
      };
      const reborn = (beforeRebirth: (world: SlotWorld) => void): [SlotWorld, former: number] => {
        const world = worldOf(3);
        world.set('former', { weight: 1e6, cost: 1e3, priority: 3, expiresAt: 1 });
        world.hit('former', 50);
        const slot = world.slotOf('former');
        world.remove('former', 'deleted');
        beforeRebirth(world);
        world.set('reborn');
        return [world, slot];
      };
      const [reusing, reused] = reborn(() => undefined);
      expect(reusing.slotOf('reborn')).toBe(reused);
      const [fresh, unused] = reborn((world) => world.scatterSlots(2));
      expect(fresh.slotOf('reborn')).not.toBe(unused);
      expect(drained(reusing)).toEqual(drained(fresh));
    });

    it('keeps its order when it is given more slots while the cache is full', () => {
      const order = (whenFull: (world: SlotWorld) => void): string[] => {
        const world = worldOf(4, 4);
        for (const key of ['key-2', 'key-0', 'key-2']) world.hit(key);
        whenFull(world);
        expect(world.policy.verify()).toBe(4);
        const left = ['x', 'y', 'z'].flatMap((key) => world.set(key));
        world.maxEntries = 0;
        return [...left, ...world.evictFor(-1)];
      };
      expect(order((world) => growAtOnce(world.policy.grow(1000)))).toEqual(order(() => undefined));
    });

    it('takes over a cache that is in use', () => {
      const world = worldOf(10, 10);
      world.hit('key-2', 3);
      world.adopt(factory);
      expect(world.policy.verify()).toBe(10);
      world.set('next');
      expect(world.size).toBe(10);
      world.maxEntries = 0;
      expect(world.evictFor(-1)).toHaveLength(10);
    });

    it('does not take another size for a use', () => {
      const order = (resized: readonly string[]): string[] => {
        const world = worldOf(4, 4);
        for (const key of ['key-2', 'key-0', 'key-2', 'key-3']) world.hit(key);
        for (const key of resized) {
          world.resize(key, 50);
          world.resize(key, PLAIN.weight);
        }
        expect(world.policy.verify()).toBe(4);
        world.maxEntries = 0;
        return world.evictFor(-1);
      };
      expect(order(['key-1', 'key-0', 'key-2', 'key-0', 'key-3'])).toEqual(order([]));
    });

    it('lets the higher priority outlive the lower where all else is equal', () => {
      const world = worldOf(201);
      const priorities = Array.from({ length: 201 }, (_, i) => ((i * 80) % 201) - 100);
      priorities.forEach((priority) => world.set(`key-${priority}`, { priority }));
      world.maxEntries = 0;
      const left = world.evictFor(-1).map((key) => Number(key.slice('key-'.length)));
      expect(left).toEqual([...priorities].sort((a, b) => a - b));
    });

    it('goes by the new priority after an overwrite', () => {
      const world = worldOf(3);
      for (const key of ['a', 'b', 'c']) world.set(key, { priority: 50 });
      world.set('b', { priority: -50 });
      expect(world.victim()).toBe('b');
      world.set('b', { priority: 90 });
      expect(world.victim()).not.toBe('b');
    });

    if (promises.priority === 'first') {
      it('lets the higher priority outlive the lower whatever else they are', () => {
        const world = worldOf(2);
        world.set('dear', { priority: 1, weight: 1e6, cost: 0, expiresAt: 1 });
        world.set('cheap', { priority: 0, weight: 1, cost: 1000 });
        world.hit('cheap', 100);
        expect(world.victim()).toBe('cheap');
      });

      it('turns a newcomer away that everything resident outranks', () => {
        const world = worldOf(2);
        world.set('a', { priority: 5 });
        world.set('b', { priority: 7 });
        expect(world.set('low', { priority: 4 })).toEqual(['low']);
        expect(world.set('level', { priority: 5 })).toEqual(['a']);
        expect(world.keys).toEqual(['b', 'level']);
      });
    } else {
      it('turns no newcomer away', () => {
        const world = worldOf(2);
        world.set('a', { priority: 100 });
        world.set('b', { priority: 100 });
        expect(world.set('low', { priority: -100, cost: 0, weight: 1e9 })).toHaveLength(1);
        expect(world.has('low')).toBe(true);
      });
    }

    it('lets go of an entry that was read 1000 times once only others are used', () => {
      const world = worldOf(20);
      world.set('favourite', { expiresAt: 1 });
      world.hit('favourite', 1000);
      // Entries of one kind, each later to expire and read once: what comes has the same right to stay.
      let evictions = 0;
      for (let i = 0; world.has('favourite'); i++) {
        evictions += world.set(`key-${i}`, { expiresAt: 2 + i }).length;
        world.hit(`key-${i}`);
        if (evictions > 20 * 1001) throw new Error(`still resident after ${evictions} evictions`);
      }
      expect(world.size).toBe(20);
    });

    it('goes by traits and history, not by which slots the entries are in', () => {
      const script = (world: SlotWorld): string[] => {
        const left: string[] = [];
        for (let i = 0; i < 500; i++) {
          left.push(...world.set(`key-${(i * 37) % 61}`, { weight: 1 + ((i * 13) % 7), expiresAt: i % 11 }));
          world.hit(`key-${(i * 17) % 61}`);
        }
        return left;
      };
      const scattered = worldOf(16);
      scattered.scatterSlots(17);
      expect(script(scattered)).toEqual(script(worldOf(16)));
    });
  });
}
