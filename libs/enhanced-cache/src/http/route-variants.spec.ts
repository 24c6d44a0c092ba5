import fc from 'fast-check';
import { RouteVariants } from './route-variants.js';

describe('RouteVariants', () => {
  it('lets go of the key that was used longest ago', () => {
    const variants = new RouteVariants();
    variants.add('hot', undefined, 2);
    variants.add('cold', undefined, 2);
    variants.touch('hot');
    expect(variants.add('new', undefined, 2)).toEqual(['cold']);
    expect(variants.add('newer', undefined, 2)).toEqual(['hot']);
  });

  it('lets go of all that are too many where the limit shrank', () => {
    const variants = new RouteVariants();
    for (const key of ['a', 'b', 'c']) variants.add(key, undefined, 3);
    expect(variants.add('d', undefined, 1)).toEqual(['a', 'b', 'c']);
  });

  it('remembers what a response said of its use', () => {
    const variants = new RouteVariants();
    const use = { staleWhileRevalidateSeconds: 5, staleIfErrorSeconds: undefined };
    variants.add('a', use, 2);
    variants.add('b', undefined, 2);
    variants.touch('a');
    expect([variants.staleUse('a'), variants.staleUse('b'), variants.staleUse('c')]).toEqual([
      use,
      undefined,
      undefined,
    ]);
  });

  it('behaves as a list that is kept in order of use', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const step = fc.record({ verb: fc.constantFrom('add' as const, 'touch' as const), key });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (steps, max) => {
        const variants = new RouteVariants();
        let model: string[] = [];
        for (const { verb, key: each } of steps) {
          const isKnown = model.includes(each);
          if (verb === 'touch') {
            variants.touch(each);
            if (isKnown) model = [...model.filter((other) => other !== each), each];
            continue;
          }
          model = [...model.filter((other) => other !== each), each];
          const leaving = model.slice(0, Math.max(0, model.length - max));
          model = model.slice(leaving.length);
          expect(variants.add(each, undefined, max)).toEqual(leaving);
          expect(variants.size).toBe(model.length);
        }
      }),
      { seed: 11, numRuns: 2000 },
    );
  });
});
