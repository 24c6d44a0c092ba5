import fc from 'fast-check';
import type { AdmissionRules } from '../structures/admission-queues.js';
import { mixHash } from '../structures/mix-hash.js';
import { ShadowCaches } from './shadow-caches.js';
import { STRATEGIES } from './strategies.js';

const RECENCY: AdmissionRules = { windowShare: 0.8, welcomeReturners: false, strict: false };

const shadowsOf = (rules: readonly AdmissionRules[], limit: number): ShadowCaches => {
  const shadows = new ShadowCaches(rules);
  shadows.reserve(limit);
  shadows.limitTo(limit);
  return shadows;
};

describe('ShadowCaches', () => {
  it('gives each cache the hits and the entries that it has alone, whatever the others do', () => {
    const requests = fc.array(fc.nat(60), { minLength: 800, maxLength: 800, size: 'max' });
    fc.assert(
      fc.property(requests, fc.integer({ min: 2, max: 30 }), (keys, limit) => {
        const together = shadowsOf(STRATEGIES, limit);
        const alone = STRATEGIES.map((rules) => shadowsOf([rules], limit));
        for (const key of keys) {
          const hits = together.request(mixHash(key));
          alone.forEach((shadows, i) => {
            const hit = (hits >>> i) & 1;
            // A frequency outlives the key's stay for longer where more caches share the nodes: that alone may differ.
            if (STRATEGIES[i].windowShare === RECENCY.windowShare) expect(shadows.request(mixHash(key))).toBe(hit);
          });
          for (let i = 0; i < STRATEGIES.length; i++) expect(together.size(i)).toBeLessThanOrEqual(limit);
        }
        together.verify();
      }),
      { seed: 9, numRuns: 40 },
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
