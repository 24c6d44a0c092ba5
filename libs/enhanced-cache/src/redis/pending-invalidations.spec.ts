import * as fc from 'fast-check';
import type { Invalidation } from '../engine/ports/coherence-bus.js';
import { PendingInvalidations } from './pending-invalidations.js';

const keys = (...names: string[]): Invalidation => ({ scope: 'keys', keys: names, stale: false });
const tags = (match: 'any' | 'all', ...names: string[]): Invalidation => ({
  scope: 'tags',
  tags: names,
  match,
  stale: false,
});

describe('PendingInvalidations', () => {
  it('covers what it is about and nothing else', () => {
    const pending = new PendingInvalidations();
    pending.add(keys('a'));
    pending.add(tags('any', 't', 'u'));
    pending.add(tags('all', 'v', 'w'));
    expect(pending.covers('a', [])).toBe(true);
    expect(pending.covers('b', ['x', 'u'])).toBe(true);
    expect(pending.covers('b', ['v'])).toBe(true);
    expect(pending.covers('b', ['x'])).toBe(false);
    expect(pending.covers('t', [])).toBe(false);
  });

  it('keeps the last for each name', () => {
    const pending = new PendingInvalidations();
    pending.add({ scope: 'keys', keys: ['a'], stale: true });
    pending.add(keys('a', 'b'));
    expect(pending.size).toBe(2);
    expect(pending.portion().invalidations).toEqual([keys('a', 'b')]);
  });

  it('folds more than it may hold into one of everything', () => {
    const pending = new PendingInvalidations(3);
    pending.add(keys('a', 'b', 'c'));
    expect(pending.covers('other', [])).toBe(false);
    pending.add(keys('d'));
    expect(pending.covers('other', [])).toBe(true);
    expect(pending.portion().invalidations).toEqual([{ scope: 'everything' }]);
  });

  it('keeps what was added while a portion was being sent', () => {
    const pending = new PendingInvalidations();
    pending.add(keys('a', 'b'));
    const portion = pending.portion();
    pending.add(keys('b', 'c'));
    portion.acknowledge();
    expect(pending.portion().invalidations).toEqual([keys('b', 'c')]);
    pending.add({ scope: 'everything' });
    const everything = pending.portion();
    pending.add(keys('d'));
    everything.acknowledge();
    expect(pending.covers('d', [])).toBe(true);
  });

  it('covers, at any time, all that was added and not acknowledged since', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const step = fc.oneof(
      fc.record({ add: name }),
      fc.record({ tag: name }),
      fc.constant({ take: true as const }),
      fc.constant({ acknowledge: true as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), (steps, most) => {
        const pending = new PendingInvalidations(most);
        const addedAt = new Map<string, number>();
        let portion: { acknowledge(): void; at: number } | undefined;
        steps.forEach((each, at) => {
          if ('add' in each) pending.add(keys(each.add));
          if ('tag' in each) pending.add(tags('any', each.tag));
          if ('add' in each) addedAt.set(`k${each.add}`, at);
          if ('tag' in each) addedAt.set(`t${each.tag}`, at);
          if ('take' in each) portion = { ...pending.portion(), at };
          if ('acknowledge' in each && portion) {
            portion.acknowledge();
            for (const [what, when] of addedAt) if (when < portion.at) addedAt.delete(what);
          }
          for (const what of addedAt.keys()) {
            const covered = what[0] === 'k' ? pending.covers(what.slice(1), []) : pending.covers('-', [what.slice(1)]);
            expect([what, covered]).toEqual([what, true]);
          }
          expect(pending.size).toBeLessThanOrEqual(most + 1);
        });
      }),
    );
  });
});
