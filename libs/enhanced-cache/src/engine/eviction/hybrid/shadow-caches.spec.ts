import fc from 'fast-check';
import type { AdmissionRules } from '../structures/admission-queues.js';
import { mixHash } from '../structures/mix-hash.js';
import { ShadowCaches } from './shadow-caches.js';
import { STRATEGIES } from './strategies.js';

const shadowsOf = (rules: readonly AdmissionRules[], limit: number): ShadowCaches => {
  const shadows = new ShadowCaches(rules);
  shadows.reserve(limit);
  shadows.limitTo(limit);
  return shadows;
};

describe('ShadowCaches', () => {
  it('answers by what it held before, keeps to its limit and its structures whole, over random requests', () => {
    const requests = fc.array(fc.tuple(fc.nat(90), fc.nat(99)), { minLength: 1500, maxLength: 1500, size: 'max' });
    fc.assert(
      fc.property(requests, fc.integer({ min: 2, max: 30 }), (steps, limit) => {
        const shadows = shadowsOf(STRATEGIES, limit);
        let present = limit;
        steps.forEach(([key, what], i) => {
          if (what === 0) shadows.limitTo((present = 2 + (i % (limit - 1))));
          if (what === 1) shadows.reserve(limit + i);
          const hash = mixHash(key);
          const held = STRATEGIES.reduce(
            (bits, _, cache) => (shadows.holds(cache, hash) ? bits | (1 << cache) : bits),
            0,
          );
          if (shadows.request(hash) !== held) throw new Error(`request ${i} was not answered by what was held`);
          if (i % 25 === 0) shadows.verify();
        });
        // A lower limit is reached with the next misses.
        for (let key = 1000; key < 1100; key++) shadows.request(mixHash(key));
        STRATEGIES.forEach((_, cache) => expect(shadows.size(cache)).toBe(present));
        shadows.verify();
      }),
      { seed: 9, numRuns: 40, endOnFailure: true },
    );
  });

  it('says which caches held the key, and holds it in all of them after', () => {
    const shadows = shadowsOf(STRATEGIES, 10);
    expect(shadows.request(mixHash(1))).toBe(0);
    expect(shadows.request(mixHash(1))).toBe((1 << STRATEGIES.length) - 1);
    for (let i = 0; i < STRATEGIES.length; i++) expect(shadows.holds(i, mixHash(1))).toBe(true);
  });

  it('keeps half of a loop of twice its size where rules are strict, and nothing by recency', () => {
    const shadows = shadowsOf(STRATEGIES, 50);
    const hits = STRATEGIES.map(() => 0);
    for (let i = 0; i < 10_000; i++) {
      const holders = shadows.request(mixHash(i % 100));
      hits.forEach((_, cache) => (hits[cache] += (holders >>> cache) & 1));
    }
    expect(hits[0]).toBeGreaterThan(4500);
    expect(hits[4]).toBeLessThan(2000);
  });

  it('lets in who came back sooner than one idles that came in without a contest, once idling says something', () => {
    const letIn = (judgesIdle: boolean): number => {
      const shadows = shadowsOf([{ windowShare: 0.01, welcomeReturners: false, strict: true }], 100);
      for (let key = 0; key < 100; key++) shadows.request(mixHash(key));
      shadows.judgesIdle = judgesIdle;
      for (let i = 0; i < 40; i++) shadows.request(mixHash(2000 + (i % 20)));
      shadows.request(mixHash(3000));
      shadows.verify();
      return Array.from({ length: 20 }, (_, i) => shadows.holds(0, mixHash(2000 + i))).filter(Boolean).length;
    };
    expect(letIn(true)).toBe(20);
    expect(letIn(false)).toBeLessThan(2);
  });

  it('forgets what is not sampled any more, and goes on with the rest', () => {
    const shadows = shadowsOf(STRATEGIES, 40);
    for (let i = 0; i < 500; i++) shadows.request(mixHash(i % 70));
    const isSampled = (hash: number): boolean => hash >>> 31 === 0;
    shadows.thin(isSampled);
    for (let i = 0; i < 70; i++) {
      const hash = mixHash(i);
      if (!isSampled(hash)) for (let cache = 0; cache < 5; cache++) expect(shadows.holds(cache, hash)).toBe(false);
    }
    shadows.verify();
    shadows.limitTo(20);
    for (let i = 0; i < 500; i++) shadows.request(mixHash(i % 90));
    for (let cache = 0; cache < 5; cache++) expect(shadows.size(cache)).toBe(20);
    shadows.verify();
  });

  it('keeps what it holds when it is given more room', () => {
    const shadows = shadowsOf(STRATEGIES, 10);
    for (let i = 0; i < 10; i++) shadows.request(mixHash(i));
    shadows.reserve(100);
    shadows.limitTo(100);
    for (let i = 0; i < 10; i++) expect(shadows.request(mixHash(i))).toBe(31);
    shadows.verify();
  });
});
