import fc from 'fast-check';
import { TagIndex } from './tag-index.js';

/** Entries whose expiry is in a plain array. */
function tagged(expiries: number[] = []) {
  const entries = { expiresAt: (slot: number) => expiries[slot] ?? Infinity };
  const index = new TagIndex(entries);
  /** Removes every dead entry as the store does. */
  const reclaimAll = (): number[] => {
    const removed: number[] = [];
    for (let slot = index.reclaimable(); slot !== undefined; slot = index.reclaimable()) {
      index.credit(slot);
      index.remove(slot);
      removed.push(slot);
    }
    return removed;
  };
  return { index, reclaimAll };
}

describe('TagIndex', () => {
  it('gives back the tags of an entry in the order in which they were given', () => {
    const { index } = tagged();
    index.add(3, ['b', 'a', 'c']);
    expect(index.tagsOf(3)).toEqual(['b', 'a', 'c']);
    expect(index.hasTag(3, 'a')).toBe(true);
    expect(index.hasTag(3, 'z')).toBe(false);
  });

  it('lists the members of a tag, newest first', () => {
    const { index } = tagged();
    index.add(1, ['t']);
    index.add(2, ['t', 'u']);
    index.add(3, ['u']);
    expect([...index.members('t')]).toEqual([2, 1]);
    expect([...index.members('absent')]).toEqual([]);
  });

  it('makes members dead at once, and not who comes right after', () => {
    const { index, reclaimAll } = tagged();
    index.add(1, ['t']);
    const invalidation = index.invalidateAny(['t'], 0);
    index.add(2, ['t']);
    expect([index.isDead(1), index.isDead(2)]).toEqual([true, false]);
    expect([...index.members('t')]).toEqual([2]);
    expect(invalidation.count).toBe(1);
    expect(reclaimAll()).toEqual([1]);
    expect(index.isDead(2)).toBe(false);
  });

  it('knows the count of one tag at once, and that of several when they are reclaimed, each entry counted once', () => {
    const { index, reclaimAll } = tagged();
    index.add(1, ['a', 'b']);
    index.add(2, ['b']);
    index.add(3, ['c']);
    const several = index.invalidateAny(['a', 'b', 'b'], 0);
    expect(several.counted).toBe(false);
    reclaimAll();
    expect(several.count).toBe(2);
    expect(index.invalidateAny(['c'], 0)).toMatchObject({ counted: true, count: 1 });
  });

  it('credits an entry to the invalidation that came first', () => {
    const { index, reclaimAll } = tagged();
    index.add(1, ['a', 'b']);
    index.add(2, ['b']);
    const first = index.invalidateAny(['a'], 0);
    const second = index.invalidateAny(['b'], 0);
    reclaimAll();
    expect([first.count, second.count]).toEqual([1, 1]);
  });

  it('does not count an entry whose time was over before', () => {
    const { index, reclaimAll } = tagged([0, 100, 200]);
    index.add(1, ['t']);
    index.add(2, ['t']);
    const invalidation = index.invalidateAny(['t'], 150);
    reclaimAll();
    expect(invalidation.count).toBe(1);
  });

  it('invalidates those with all tags and leaves the rest alone', () => {
    const { index, reclaimAll } = tagged([Infinity, Infinity, Infinity, Infinity, 5]);
    index.add(1, ['a', 'b', 'c']);
    index.add(2, ['a']);
    index.add(3, ['b', 'a']);
    index.add(4, ['a', 'b']);
    const invalidation = index.invalidateAll(['a', 'b'], 10);
    expect(invalidation.count).toBe(2);
    expect([1, 2, 3].map((slot) => index.isDead(slot))).toEqual([true, false, true]);
    expect(reclaimAll().sort()).toEqual([1, 3]);
    expect(index.invalidateAll(['a', 'absent'], 10).count).toBe(0);
    expect(index.invalidateAll([], 10).count).toBe(0);
  });

  it('holds nothing for tags that nobody carries', () => {
    const { index, reclaimAll } = tagged();
    for (let slot = 0; slot < 1000; slot++) index.add(slot, [`own-${slot}`, 'shared']);
    expect(index.size).toBe(1001);
    for (let slot = 0; slot < 500; slot++) index.remove(slot);
    index.invalidateAny(['shared'], 0);
    reclaimAll();
    expect([index.size, index.bytes, index.hasPending]).toEqual([0, 0, false]);
  });

  it('equals a naive model over random histories', () => {
    const tag = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('add'), slot: fc.nat(15), tags: fc.uniqueArray(tag) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('remove'), slot: fc.nat(15) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('any'), tags: fc.array(tag, { maxLength: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('all'), tags: fc.array(tag, { maxLength: 3 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('reclaim') }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { index } = tagged();
        const live = new Map<number, string[]>();
        const dead = new Set<number>();
        const expected: [{ count: number }, number][] = [];
        for (const at of steps as { do: string; slot: number; tags: string[] }[]) {
          if (at.do === 'add' && !live.has(at.slot) && !dead.has(at.slot)) {
            index.add(at.slot, at.tags);
            live.set(at.slot, at.tags);
          } else if (at.do === 'remove' && (live.has(at.slot) || dead.has(at.slot))) {
            if (dead.delete(at.slot)) index.credit(at.slot);
            live.delete(at.slot);
            index.remove(at.slot);
          } else if (at.do === 'any' || at.do === 'all') {
            const hit = [...live].filter(([, tags]) =>
              at.do === 'any'
                ? at.tags.some((name) => tags.includes(name))
                : at.tags.length > 0 && at.tags.every((name) => tags.includes(name)),
            );
            for (const [slot] of hit) {
              live.delete(slot);
              dead.add(slot);
            }
            const made = at.do === 'any' ? index.invalidateAny(at.tags, 0) : index.invalidateAll(at.tags, 0);
            expected.push([made, hit.length]);
          } else if (at.do === 'reclaim') {
            const slot = index.reclaimable();
            expect(slot !== undefined).toBe(dead.size > 0);
            if (slot !== undefined) {
              expect(dead.delete(slot)).toBe(true);
              index.credit(slot);
              index.remove(slot);
            }
          }
          for (const slot of live.keys()) expect(index.isDead(slot)).toBe(false);
          for (const slot of dead) expect(index.isDead(slot)).toBe(true);
          const { bytes, tags } = index.recount([...live.keys(), ...dead]);
          expect(index.bytes).toBe(bytes);
          for (const name of ['a', 'b', 'c', 'd']) {
            expect(index.countOf(name)).toBe(tags.get(name) ?? 0);
            const members = [...live].filter(([, names]) => names.includes(name)).map(([slot]) => slot);
            expect([...index.members(name)].filter((slot) => !index.isDead(slot)).sort()).toEqual(members.sort());
          }
        }
        while (index.reclaimable() !== undefined) {
          const slot = index.reclaimable() as number;
          index.credit(slot);
          index.remove(slot);
        }
        for (const [made, count] of expected) expect(made.count).toBe(count);
      }),
      { numRuns: 500, seed: 20261122 },
    );
  });
});
