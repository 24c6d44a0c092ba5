import { growAtOnce } from '../../enlarge.js';
import { type AdmissionRules, AdmissionQueues } from './admission-queues.js';
import { FrequencySketch } from './frequency-sketch.js';
import { mixHash } from './mix-hash.js';
import { RecentlyEvicted } from './recently-evicted.js';

/** A cache of `size` entries over the queues alone, by numbers; a key's slot is its own number. */
class Cache {
  readonly sketch = new FrequencySketch();
  readonly evicted = new RecentlyEvicted();
  readonly queues: AdmissionQueues;

  constructor(
    private readonly size: number,
    rules: AdmissionRules,
  ) {
    this.queues = new AdmissionQueues(this.sketch, this.evicted, rules);
    for (const part of [this.sketch, this.evicted, this.queues]) growAtOnce(part.grow(4096));
    this.sketch.paceFor(size);
    this.evicted.rememberLast(size);
  }

  /** Returns the key that left, or `-1`. */
  request(key: number): number {
    if (this.queues.has(key)) {
      this.queues.use(key);
      return -1;
    }
    const hash = mixHash(key);
    this.queues.insert(key, hash, 0, this.sketch.add(hash, 1));
    if (this.queues.size() <= this.size) return -1;
    const victim = this.queues.victim(key);
    expect(this.queues.victim(key)).toBe(victim);
    this.queues.remove(victim, true);
    return victim;
  }
}

const RULES: AdmissionRules = { windowShare: 0.1, welcomeReturners: false, strict: false };

describe('AdmissionQueues', () => {
  it('gives the window its share, and keeps it', () => {
    const cache = new Cache(100, RULES);
    for (let key = 0; key < 1000; key++) cache.request(key);
    expect([cache.queues.windowSize(), cache.queues.size()]).toEqual([10, 100]);
    expect(cache.queues.verify()).toBe(100);
  });

  it.each([250, 333, 50, 7])('does not leak entries from the window past the contest, at %d entries', (size) => {
    const cache = new Cache(size, { ...RULES, windowShare: 0.05 });
    for (let key = 0; key < size; key++) cache.request(key);
    const first = [...Array(size).keys()].filter((key) => cache.queues.has(key));
    // Nobody is used twice, so no newcomer wins, and what was there first stays but for the window.
    for (let key = 1000; key < 1000 + 5 * size; key++) cache.request(key);
    const stayed = first.filter((key) => cache.queues.has(key)).length;
    expect(stayed).toBe(size - cache.queues.windowSize());
  });

  it('lets in a newcomer that was asked for more often than the oldest of the others', () => {
    const cache = new Cache(100, RULES);
    for (let key = 0; key < 100; key++) cache.request(key);
    for (let i = 0; i < 3; i++) {
      cache.request(2000);
      for (let key = 1000; key < 1020; key++) cache.request(key + 20 * i);
    }
    expect(cache.queues.has(2000)).toBe(true);
  });

  it('does not let the request of a newcomer speak for it, if rules are strict', () => {
    const kept = (strict: boolean): number => {
      const cache = new Cache(100, { ...RULES, windowShare: 0.01, strict });
      let hits = 0;
      for (let i = 0; i < 20_000; i++) if (cache.request(i % 200) === -1 && i >= 200) hits++;
      return hits / 20_000;
    };
    expect(kept(true)).toBeGreaterThan(0.45);
    expect(kept(true)).toBeGreaterThan(kept(false) - 0.01);
  });

  describe('where strict rules see two alike', () => {
    const STRICT: AdmissionRules = { windowShare: 0.01, welcomeReturners: false, strict: true };

    /** Fills, uses `used` of the 100 once, lets 300 keys pass, and then asks twice for each of 20 others. Who of those stays. */
    const letIn = (judgesIdle: boolean, used: number): number => {
      const cache = new Cache(100, STRICT);
      for (let key = 0; key < 100; key++) cache.request(key);
      cache.queues.judgesIdle = judgesIdle;
      for (let key = 0; key < used; key++) cache.request(key);
      for (let key = 1000; key < 1300; key++) cache.request(key);
      for (let i = 0; i < 40; i++) cache.request(2000 + (i % 20));
      cache.request(3000);
      cache.queues.verify();
      return Array.from({ length: 20 }, (_, i) => cache.queues.has(2000 + i)).filter(Boolean).length;
    };

    it('lets in who came back sooner than one idles that never won and was not used', () => {
      expect(letIn(true, 0)).toBe(20);
    });

    it('keeps who was used', () => {
      expect(letIn(true, 100)).toBeLessThan(2);
    });

    it('keeps everybody until residents had the time to be used', () => {
      expect(letIn(false, 0)).toBeLessThan(2);
    });

    it('remembers nobody where nobody who comes back can be let in', () => {
      const known = (followsReturners: boolean): number => {
        const cache = new Cache(100, STRICT);
        cache.queues.followsReturners = followsReturners;
        for (let key = 0; key < 180; key++) cache.request(key);
        return Array.from({ length: 180 }, (_, key) => cache.evicted.has(mixHash(key))).filter(Boolean).length;
      };
      expect(known(false)).toBe(0);
      expect(known(true)).toBeGreaterThan(60);
    });

    it.each([110, 150, 200, 350])(
      'changes nothing in a loop over %d keys, where no key is sooner than another',
      (keys) => {
        const play = (judgesIdle: boolean): number[] => {
          const cache = new Cache(100, STRICT);
          cache.queues.judgesIdle = judgesIdle;
          return Array.from({ length: 20 * keys }, (_, i) => cache.request(i % keys));
        };
        expect(play(true)).toEqual(play(false));
      },
    );
  });

  it('welcomes a key that comes back where somebody idles as long, if returners have to compete: few in a loop', () => {
    const play = (returnersCompete: boolean): number => {
      const cache = new Cache(100, { windowShare: 0.05, welcomeReturners: true, returnersCompete, strict: true });
      let hits = 0;
      for (let i = 0; i < 10_000; i++) {
        if (cache.queues.has(i % 150)) hits++;
        cache.request(i % 150);
      }
      return hits / 10_000;
    };
    expect(play(true)).toBeGreaterThan(0.25);
    expect(play(false)).toBeLessThan(0.1);
    const cache = new Cache(100, { windowShare: 0.05, welcomeReturners: true, returnersCompete: true, strict: true });
    for (let key = 0; key < 200; key++) cache.request(key);
    // These left a moment ago, and what came in first has not been used for a hundred evictions.
    const returners = [...Array(200).keys()].filter((key) => key >= 180 && !cache.queues.has(key));
    for (const key of returners) cache.request(key);
    for (let key = 1000; key < 1050; key++) cache.request(key);
    expect(returners.length).toBeGreaterThan(10);
    expect(returners.filter((key) => !cache.queues.has(key))).toEqual([]);
  });

  it('takes a key that comes back into the main queue, if rules welcome it', () => {
    const cache = new Cache(100, { ...RULES, welcomeReturners: true });
    for (let key = 0; key < 110; key++) cache.request(key);
    const left = [...Array(110).keys()].find((key) => !cache.queues.has(key)) as number;
    cache.request(left);
    for (let key = 1000; key < 1040; key++) cache.request(key);
    expect(cache.queues.has(left)).toBe(true);
  });

  it('adapts to another share, a few entries at a time', () => {
    const cache = new Cache(100, { ...RULES, windowShare: 0.8 });
    for (let key = 0; key < 300; key++) cache.request(key);
    expect(cache.queues.windowSize()).toBe(80);
    cache.queues.rules = { ...RULES, windowShare: 0.01 };
    for (let key = 300; key < 330; key++) cache.request(key);
    expect(cache.queues.windowSize()).toBe(1);
    cache.queues.rules = { ...RULES, windowShare: 0.5 };
    for (let key = 400; key < 460; key++) cache.request(key);
    expect(cache.queues.windowSize()).toBe(50);
    expect(cache.queues.verify()).toBe(100);
  });

  it('gives an entry that was used another turn through the window, and then a place in the main queue', () => {
    const cache = new Cache(10, { ...RULES, windowShare: 0.8 });
    for (let key = 0; key < 10; key++) cache.request(key);
    const [used, ...unused] = [...Array(10).keys()].slice(-cache.queues.windowSize());
    cache.request(used);
    const left = Array.from({ length: 40 }, (_, i) => cache.request(100 + i));
    expect(left.slice(0, unused.length)).toEqual(unused);
    expect(cache.queues.has(used)).toBe(true);
  });

  it('lets an entry of the main queue go once others are used and it is not', () => {
    const cache = new Cache(10, RULES);
    for (let key = 0; key < 10; key++) cache.request(key);
    for (let i = 0; i < 15; i++) cache.request(0);
    for (let i = 0; i < 2000 && cache.queues.has(0); i++) cache.request(100 + (i % 30));
    expect(cache.queues.has(0)).toBe(false);
  });

  it('lets the oldest of the main queue age while it wins every contest', () => {
    const cache = new Cache(20, { ...RULES, windowShare: 0.05 });
    for (let key = 0; key < 20; key++) {
      cache.request(key);
      for (let i = 0; i < 15; i++) cache.request(key);
    }
    // Each of these comes once and is used once more: less than the others were, until those were halved a few times.
    for (let key = 100; key < 3000; key++) {
      cache.request(key);
      cache.request(key);
    }
    expect([...Array(20).keys()].filter((key) => cache.queues.has(key))).toEqual([]);
  });

  it('remembers a remark with each slot', () => {
    const cache = new Cache(10, RULES);
    cache.request(3);
    cache.queues.setRemark(3, -7);
    cache.request(4);
    expect(cache.queues.remark(3)).toBe(-7);
  });
});
