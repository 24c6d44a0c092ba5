import fc from 'fast-check';
import { TagIndex } from './tag-index.js';
import type { Invalidation } from './tag-generations.js';
import { NONE } from './tag-links.js';

/** Entries whose times are in plain arrays, settled as the store does it. */
class Tagged {
  readonly expiries: number[] = [];
  readonly freshUntil: number[] = [];
  readonly index = new TagIndex({
    expiresAt: (slot) => this.expiries[slot] ?? Infinity,
    freshUntil: (slot) => this.freshUntil[slot] ?? this.expiries[slot] ?? Infinity,
  });

  /** Removes the entry that is handed out, or makes it stale. @returns its slot. */
  settleNext(): number {
    const slot = this.index.next();
    if (slot !== NONE) this.settle(slot);
    return slot;
  }

  settle(slot: number): void {
    const fate = this.index.fateOf(slot);
    this.index.settle(slot, 'deleted');
    if (fate === 'stale') this.freshUntil[slot] = 0;
    else this.index.remove(slot);
  }

  settleAll(): number[] {
    const settled: number[] = [];
    while (this.index.hasPending) settled.push(this.settleNext());
    return settled.filter((slot) => slot !== NONE);
  }
}

function tagged(expiries: number[] = []) {
  const entries = new Tagged();
  entries.expiries.push(...expiries);
  return { entries, index: entries.index, settleAll: () => entries.settleAll() };
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

  it('lets members come and go while they are listed', () => {
    const { index } = tagged();
    for (let slot = 0; slot < 6; slot++) index.add(slot, ['t']);
    const listed: number[] = [];
    for (const slot of index.members('t')) {
      listed.push(slot);
      if (slot === 5) index.remove(5);
      if (slot === 4) for (const leaving of [3, 2]) index.remove(leaving);
      if (slot === 4) index.add(2, ['t']);
    }
    expect(listed).toEqual([5, 4, 1, 0]);
  });

  it('makes members dead at once, and not who comes right after', () => {
    const { index, settleAll } = tagged();
    index.add(1, ['t']);
    const invalidation = index.invalidateAny(['t'], 0);
    index.add(2, ['t']);
    expect([index.fateOf(1), index.fateOf(2)]).toEqual(['gone', 'untouched']);
    expect([...index.members('t')]).toEqual([2]);
    expect(invalidation.count).toBe(1);
    expect(settleAll()).toEqual([1]);
    expect(index.fateOf(2)).toBe('untouched');
  });

  it('knows the count of one tag at once, and that of several when they are settled, each entry counted once', () => {
    const { index, settleAll } = tagged();
    index.add(1, ['a', 'b']);
    index.add(2, ['b']);
    index.add(3, ['c']);
    const several = index.invalidateAny(['a', 'b', 'b'], 0);
    expect(several.counted).toBe(false);
    settleAll();
    expect(several.count).toBe(2);
    expect(index.invalidateAny(['c'], 0)).toMatchObject({ counted: true, count: 1 });
  });

  it('credits an entry to the invalidation that came first', () => {
    const { index, settleAll } = tagged();
    index.add(1, ['a', 'b']);
    index.add(2, ['b']);
    const first = index.invalidateAny(['a'], 0);
    const second = index.invalidateAny(['b'], 0);
    settleAll();
    expect([first.count, second.count]).toEqual([1, 1]);
  });

  it('does not count an entry whose time was over before', () => {
    const { index, settleAll } = tagged([0, 100, 200]);
    index.add(1, ['t']);
    index.add(2, ['t']);
    const invalidation = index.invalidateAny(['t'], 150);
    settleAll();
    expect(invalidation.count).toBe(1);
  });

  it('invalidates those with all tags at once, and leaves the rest and who comes right after alone', () => {
    const { index, settleAll } = tagged([Infinity, Infinity, Infinity, Infinity, 5]);
    index.add(1, ['a', 'b', 'c']);
    index.add(2, ['a']);
    index.add(3, ['b', 'a']);
    index.add(4, ['a', 'b']);
    const invalidation = index.invalidateAll(['a', 'b'], 10);
    index.add(5, ['a', 'b']);
    expect([1, 2, 3, 4, 5].map((slot) => index.fateOf(slot))).toEqual([
      'gone',
      'untouched',
      'gone',
      'gone',
      'untouched',
    ]);
    expect(settleAll().sort()).toEqual([1, 3, 4]);
    expect(invalidation.count).toBe(2);
    expect(index.invalidateAll(['a', 'absent'], 10)).toMatchObject({ counted: true, count: 0 });
    expect(index.invalidateAll([], 10)).toMatchObject({ counted: true, count: 0 });
    expect(index.invalidateAll(['c', 'c'], 10)).toMatchObject({ counted: true, count: 0 });
    expect([...index.members('a')].sort()).toEqual([2, 5]);
  });

  it('ends freshness at once: entries that are kept turn stale, the others are gone, later ones stay fresh', () => {
    const { entries, index, settleAll } = tagged([Infinity, Infinity, 200, 200]);
    entries.freshUntil[2] = 100;
    entries.freshUntil[3] = 5;
    for (const slot of [1, 2, 3]) index.add(slot, ['t']);
    const lapse = index.lapse(['t', 't'], 10);
    index.add(4, ['t']);
    expect([1, 2, 3, 4].map((slot) => index.fateOf(slot))).toEqual(['gone', 'stale', 'stale', 'untouched']);
    expect(settleAll()).toEqual([3, 2, 1]);
    expect(lapse.count).toBe(2);
    expect([...index.members('t')]).toEqual([4, 3, 2]);
    expect([2, 3, 4].map((slot) => index.fateOf(slot))).toEqual(['untouched', 'untouched', 'untouched']);
  });

  it('looks at a bounded number of members before it answers', () => {
    const { index } = tagged();
    for (let slot = 0; slot < 10_000; slot++) index.add(slot, slot === 0 ? ['a', 'b'] : ['a', `own-${slot}`]);
    for (let slot = 10_000; slot < 30_000; slot++) index.add(slot, ['b']);
    index.invalidateAll(['a', 'b'], 0);
    let asked = 0;
    while (index.next() === NONE) asked++;
    expect(asked).toBeGreaterThan(100);
    expect(index.next()).toBe(0);
  });

  it('says how many entries are ended at least and at most, exactly where it was one tag', () => {
    const { index, settleAll } = tagged();
    for (let slot = 0; slot < 10; slot++) index.add(slot, slot < 4 ? ['a', 'b'] : ['a']);
    expect(index.ended).toEqual({ least: 0, most: 0 });
    index.invalidateAll(['a', 'b'], 0);
    expect(index.ended).toEqual({ least: 0, most: 4 });
    settleAll();
    index.invalidateAny(['a'], 0);
    expect(index.ended).toEqual({ least: 6, most: 6 });
    settleAll();
    expect(index.ended).toEqual({ least: 0, most: 0 });
  });

  it('holds nothing for tags that nobody carries', () => {
    const { index, settleAll } = tagged();
    for (let slot = 0; slot < 10_000; slot++) index.add(slot, [`own-${slot}`, 'shared']);
    expect(index.size).toBe(10_001);
    for (let slot = 0; slot < 5000; slot++) index.remove(slot);
    index.invalidateAny(['shared'], 0);
    settleAll();
    expect([index.size, index.bytes, index.hasPending]).toEqual([0, 0, false]);
    for (let slot = 0; slot < 10_000; slot++) index.add(slot, [`new-${slot}`]);
    expect(index.size).toBe(10_000);
    expect(index.tagsOf(9999)).toEqual(['new-9999']);
  });

  it('equals a naive model over random histories', () => {
    const tag = fc.constantFrom('a', 'b', 'c', 'd');
    const some = fc.array(tag, { maxLength: 3 });
    const slot = fc.nat(15);
    const step = fc.oneof(
      { weight: 5, arbitrary: fc.record({ do: fc.constant('write'), slot, tags: fc.uniqueArray(tag) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('remove'), slot }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('any'), tags: some }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('all'), tags: some }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('lapse'), tags: some }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('touch'), slot }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('next') }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new NaiveTags();
        for (const at of steps as { do: string; slot: number; tags: string[] }[]) {
          model.perform(at.do, at.slot, at.tags);
          model.compare();
        }
        model.finish();
      }),
      { numRuns: 1000, seed: 20261122 },
    );
  });
});

/** Entries of odd slots are kept beyond their freshness. All happens at time 0. */
class NaiveTags {
  readonly #tagged = new Tagged();
  readonly #live = new Map<number, { tags: readonly string[]; fresh: boolean }>();
  readonly #dead = new Set<number>();
  readonly #counts: [Invalidation, number][] = [];

  perform(what: string, slot: number, tags: readonly string[]): void {
    const { index } = this.#tagged;
    switch (what) {
      case 'write':
        return this.#write(slot, tags);
      case 'remove':
        if (this.#live.has(slot) || this.#dead.has(slot)) this.#remove(slot);
        return;
      case 'touch':
        if (index.fateOf(slot) === 'stale') this.#tagged.settle(slot);
        return;
      case 'any':
        return this.#end(index.invalidateAny(tags, 0), (own) => tags.some((name) => own.includes(name)));
      case 'all':
        return this.#end(
          index.invalidateAll(tags, 0),
          (own) => tags.length > 0 && tags.every((name) => own.includes(name)),
        );
      case 'lapse':
        return this.#lapse(index.lapse(tags, 0), tags);
      default:
        this.#settleNext();
    }
  }

  compare(): void {
    const { index } = this.#tagged;
    for (const [slot, { tags, fresh }] of this.#live) {
      const stillFresh = index.fateOf(slot) === 'untouched' && this.#tagged.freshUntil[slot] > 0;
      expect([index.fateOf(slot) === 'gone', stillFresh]).toEqual([false, fresh]);
      expect(index.tagsOf(slot)).toEqual(tags);
    }
    for (const slot of this.#dead) expect(index.fateOf(slot)).toBe('gone');
    const { bytes, tags } = index.recount([...this.#live.keys(), ...this.#dead]);
    expect(index.bytes).toBe(bytes);
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(index.countOf(name)).toBe(tags.get(name) ?? 0);
      const members = [...this.#live].filter(([, own]) => own.tags.includes(name)).map(([slot]) => slot);
      expect([...index.members(name)].filter((slot) => index.fateOf(slot) !== 'gone').sort()).toEqual(members.sort());
    }
    const ended = [...this.#live.keys(), ...this.#dead].filter((slot) => index.fateOf(slot) !== 'untouched').length;
    expect(index.ended.least).toBeLessThanOrEqual(ended);
    expect(index.ended.most).toBeGreaterThanOrEqual(ended);
  }

  finish(): void {
    while (this.#tagged.index.hasPending) this.#settleNext();
    expect(this.#dead.size).toBe(0);
    for (const [made, count] of this.#counts) expect(made.count).toBe(count);
  }

  #write(slot: number, tags: readonly string[]): void {
    const { index, expiries, freshUntil } = this.#tagged;
    if (this.#dead.has(slot)) this.#remove(slot);
    if (index.fateOf(slot) === 'stale') this.#tagged.settle(slot);
    index.remove(slot);
    expiries[slot] = 200;
    freshUntil[slot] = slot % 2 ? 100 : 200;
    index.add(slot, tags);
    this.#live.set(slot, { tags, fresh: true });
  }

  #remove(slot: number): void {
    this.#tagged.index.settle(slot, 'deleted');
    this.#tagged.index.remove(slot);
    this.#live.delete(slot);
    this.#dead.delete(slot);
  }

  #end(made: Invalidation, meant: (tags: readonly string[]) => boolean): void {
    const hit = [...this.#live].filter(([, { tags }]) => meant(tags));
    for (const [slot] of hit) this.#kill(slot);
    this.#counts.push([made, hit.length]);
  }

  #lapse(made: Invalidation, tags: readonly string[]): void {
    const hit = [...this.#live].filter(([, own]) => own.fresh && tags.some((name) => own.tags.includes(name)));
    for (const [slot, entry] of hit) {
      if (slot % 2) entry.fresh = false;
      else this.#kill(slot);
    }
    this.#counts.push([made, hit.length]);
  }

  #kill(slot: number): void {
    this.#live.delete(slot);
    this.#dead.add(slot);
  }

  #settleNext(): void {
    const slot = this.#tagged.settleNext();
    if (slot !== NONE) expect(this.#dead.delete(slot) || this.#live.has(slot)).toBe(true);
  }
}
