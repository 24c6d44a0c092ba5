import { SCAN_HIT_SHARE, SCANNED, STARTING, STRATEGIES, type Strategy } from './strategies.js';
import { ShadowCaches } from './shadow-caches.js';
import { StrategyChoice } from './strategy-choice.js';

/** A shadow is that small at most and at least, in entries; between, it is an eighth of the cache. */
const LEAST_SHADOW = 64;
const MOST_SHADOW = 1024;
const SHADOW_SHARE = 1 / 8;
/** By how much a shadow may outgrow that where more keys than expected fall into the sample. */
const SAMPLE_SLACK = 1.25;
/** Entries that a shadow has room for at first. */
const LEAST_ROOM = 16;
const MOST_ROOM = SAMPLE_SLACK * MOST_SHADOW;
/** The most bits of a hash that choose the sample. */
const MOST_SAMPLE_BITS = 13;
/** An epoch's length: a fifth of the sampled entries, and at least that many sampled requests. */
const EPOCH_SHARE = 0.2;
const LEAST_EPOCH = 64;
/** Sampled hits that are followed after an eviction. A cache that does not evict has nothing to decide. */
const FOLLOWED_HITS = 128;
/** A cache of less than that share of the entries it was watched at is another cache. */
const SHRUNK = 0.5;

/** What {@link Steering} saw and decided. */
export interface SteeringReport {
  readonly strategy: string;
  readonly windowShare: number;
  readonly changes: number;
  /** Share of the keys that are sampled, 0 to 1. */
  readonly sampleShare: number;
  readonly shadows: readonly { readonly strategy: string; readonly hitShare: number; readonly shortfall: number }[];
}

/**
 * Decides how the queues run, by asking what other rules would have done: counterfactual, never by trying out.
 *
 * A sample of the keys, chosen by hash, also goes through {@link ShadowCaches} of a sixteenth to an eighth of the cache's
 * size (less above 8,192 entries), one for each of the {@link STRATEGIES}; {@link StrategyChoice} compares them. The shadows
 * are as large as the sampled part of the real cache is, so that a sample with more keys than its share does not look like
 * a heavier load.
 *
 * Cost: `hit` and `miss` a mask and a compare for keys outside of the sample; for the others see {@link ShadowCaches}.
 * Less than 66 bytes an entry up to 8,192 entries, then 470 KB at most.
 */
export class Steering {
  #shadows = new ShadowCaches(STRATEGIES);
  #choice = new StrategyChoice(STRATEGIES.length);
  #rules: Strategy = STARTING;
  #sampleBits = 0;
  #sampleMask = 0;
  /** Entries up to which the sample is not too large. */
  #mostForSample = mostEntriesFor(0);
  /** Entries of the real cache by how many sample bits of their hash are 0, from the lowest up to the first 1. */
  readonly #byZeros = new Int32Array(MOST_SAMPLE_BITS + 1);
  /** Those of them that are sampled. */
  #sampled = 0;
  /** Entries that the shadows have room for. */
  #reserved = 0;
  #isFull = false;
  #entries = 0;
  /** The most entries that the cache held since it is watched. */
  #mostEntries = 0;
  /** Requests and hits of the sample while the cache filled. */
  #fillRequests = 0;
  #fillHits = 0;
  #followed = FOLLOWED_HITS;
  /** Hits of the sample since the cache is full, up to as many as it has entries. */
  #turnedOver = 0;
  #missesUntilChecked = 0;

  /** The rules that the queues should run by now. */
  get rules(): Strategy {
    return this.#rules;
  }

  /** Whether the cache had as many hits since it is full as it has entries: who was not used by then is late. */
  get judgesIdle(): boolean {
    return this.#shadows.judgesIdle;
  }

  /**
   * Whether to follow who comes back: as long as it may matter soon. A cache without hits, in which nobody competes on equal
   * terms, gives it up after one turnover.
   */
  get followsReturners(): boolean {
    return this.judgesIdle || !this.#isFull || this.#missesUntilChecked > 0;
  }

  isSampled(hash: number): boolean {
    return ((hash >>> (32 - MOST_SAMPLE_BITS)) & this.#sampleMask) === 0;
  }

  /** The key of that hash was read and found. Call it for sampled keys only. */
  hit(hash: number): void {
    if (this.#isFull) {
      if (this.#followed === 0) return;
      this.#followed--;
    }
    this.#request(hash, true);
  }

  /** The key of that hash was read, not found, and came in. */
  miss(hash: number): void {
    if (this.#missesUntilChecked > 0) this.#missesUntilChecked--;
    this.admitted(hash);
    if (this.isSampled(hash)) this.#request(hash, false);
  }

  /** The key of that hash came in without a request, from where it was kept before. */
  admitted(hash: number): void {
    const zeros = zeroBits(hash);
    this.#byZeros[zeros]++;
    if (++this.#entries > this.#mostEntries) this.#mostEntries = this.#entries;
    if (zeros < this.#sampleBits) return;
    this.#sampled++;
    this.#makeRoom();
  }

  /** The entry of that hash left the real cache. */
  removed(hash: number): void {
    const zeros = zeroBits(hash);
    this.#entries--;
    this.#byZeros[zeros]--;
    if (zeros >= this.#sampleBits) this.#sampled--;
  }

  /** The real cache evicts. */
  evicting(): void {
    this.#followed = FOLLOWED_HITS;
    if (this.#isFull) {
      if (this.#entries < SHRUNK * this.#mostEntries) this.resume();
      return;
    }
    this.#isFull = true;
    this.#missesUntilChecked = this.#entries;
    this.#limitShadows();
    if (this.#fillHits >= SCAN_HIT_SHARE * this.#fillRequests) return;
    this.#choice.begin(SCANNED);
    this.#rules = STRATEGIES[SCANNED];
  }

  /** Watches anew, with shadows that have to fill first: the cache is much smaller now, or was not watched for a while. */
  resume(): void {
    this.#shadows = new ShadowCaches(STRATEGIES);
    this.#turnedOver = 0;
    this.#choice = new StrategyChoice(STRATEGIES.length, this.#choice.current);
    this.#mostEntries = this.#entries;
    this.#missesUntilChecked = this.#entries;
    this.#reserved = 0;
    this.#sampleAt(0);
    this.#makeRoom();
  }

  report(): SteeringReport {
    const shares = this.#choice.hitShares(this.#epochLength());
    const { shortfalls } = this.#choice;
    return {
      strategy: this.#rules.name,
      windowShare: this.#rules.windowShare,
      changes: this.#choice.changes,
      sampleShare: 2 ** -this.#sampleBits,
      shadows: STRATEGIES.map(({ name }, i) => ({ strategy: name, hitShare: shares[i], shortfall: shortfalls[i] })),
    };
  }

  /** Re-derives the shadows, for tests. */
  verify(): void {
    this.#shadows.verify();
  }

  #request(hash: number, isHit: boolean): void {
    const shadowHits = this.#shadows.request(hash);
    if (!this.#isFull) {
      this.#fillRequests++;
      if (isHit) this.#fillHits++;
      return;
    }
    if (isHit && !this.#shadows.judgesIdle && ++this.#turnedOver >= this.#sampled) this.#shadows.judgesIdle = true;
    this.#choice.count(shadowHits, isHit, this.#missesUntilChecked === 0);
    if (this.#choice.epochRequests < this.#epochLength()) return;
    this.#limitShadows();
    if (!this.#choice.endEpoch() || this.#choice.current === undefined) return;
    this.#rules = STRATEGIES[this.#choice.current];
    this.#missesUntilChecked = this.#mostEntries;
  }

  #epochLength(): number {
    return Math.max(LEAST_EPOCH, Math.round(EPOCH_SHARE * this.#sampled));
  }

  #limitShadows(): void {
    this.#shadows.limitTo(Math.max(2, Math.min(this.#sampled, this.#reserved)));
  }

  /** Keeps the sample in proportion to the entries and the shadows large enough for it. */
  #makeRoom(): void {
    // One less: the newcomer is in before its victim is out.
    while (this.#entries - 1 > this.#mostForSample && this.#sampleBits < MOST_SAMPLE_BITS) {
      this.#sampleAt(this.#sampleBits + 1);
      this.#shadows.thin((hash) => this.isSampled(hash));
    }
    if (this.#sampled > this.#reserved && this.#reserved < MOST_ROOM) this.#reserve();
  }

  #reserve(): void {
    const wanted = Math.max(2 * this.#reserved, Math.ceil(this.#sampled * SAMPLE_SLACK), LEAST_ROOM);
    this.#reserved = Math.min(wanted, MOST_ROOM);
    this.#shadows.reserve(this.#reserved);
    if (this.#isFull) this.#limitShadows();
    else this.#shadows.limitTo(this.#reserved);
  }

  #sampleAt(bits: number): void {
    this.#sampleBits = bits;
    this.#sampleMask = 2 ** bits - 1;
    this.#mostForSample = mostEntriesFor(bits);
    this.#sampled = 0;
    for (let zeros = bits; zeros <= MOST_SAMPLE_BITS; zeros++) this.#sampled += this.#byZeros[zeros];
  }
}

/** The most entries of which a sample by that many bits is no more than a shadow may hold. */
function mostEntriesFor(sampleBits: number): number {
  // A sample of an eighth or less never outgrows an eighth of the cache.
  const most = 2 ** -sampleBits <= SHADOW_SHARE ? MOST_SHADOW : LEAST_SHADOW;
  return most * 2 ** sampleBits;
}

function zeroBits(hash: number): number {
  const bits = (hash >>> (32 - MOST_SAMPLE_BITS)) | (1 << MOST_SAMPLE_BITS);
  return 31 - Math.clz32(bits & -bits);
}
