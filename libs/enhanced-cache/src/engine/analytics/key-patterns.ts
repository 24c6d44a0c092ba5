import type { PatternStats } from '../reports.js';
import { keyPattern } from './key-pattern.js';
import { percent } from './statistics.js';

/** Patterns counted at a time; half of them are folded together when a further one comes. */
export const TRACKED_PATTERNS = 512;
/** Patterns in a report, the one for the rest not counted. */
export const REPORTED_PATTERNS = 100;
/** Keys whose pattern is remembered, and how long such a key may be. */
export const MEMOISED_KEYS = 512;
const MAX_MEMOISED_CHARS = 128;
/** The name under which patterns stand that are not among the most requested. */
export const OTHER_PATTERNS = '(other)';

interface Requests {
  hits: number;
  misses: number;
}

/**
 * Requests by the shape of their key, in bounded memory.
 *
 * When a pattern comes that has no counter and none is free, the lower half of the counters is folded into
 * {@link OTHER_PATTERNS}: no request is lost from the sum, a pattern that matters keeps its exact count, and one that
 * begins to matter late finds room.
 *
 * Cost: {@link record} O(1) for a remembered key, else O(length of the key); folding O(n log n) for every n / 2 new
 * patterns.
 */
export class KeyPatterns {
  readonly #memo = new Map<string, string>();
  readonly #patterns = new Map<string, Requests>();
  #other: Requests = { hits: 0, misses: 0 };

  /** Patterns that have a counter now; never above {@link TRACKED_PATTERNS}. */
  get size(): number {
    return this.#patterns.size;
  }

  /** Keys whose pattern is remembered now; never above {@link MEMOISED_KEYS}. */
  get memoised(): number {
    return this.#memo.size;
  }

  /** Adds `weight` requests for `key`. */
  record(key: string, hit: boolean, weight: number): void {
    const requests = this.#requestsOf(this.#patternOf(key));
    if (hit) requests.hits += weight;
    else requests.misses += weight;
  }

  /** The most requested patterns, at most {@link REPORTED_PATTERNS}, and the rest in one. */
  report(): Record<string, PatternStats> {
    const ranked = this.#ranked();
    const rest = { ...this.#other };
    for (const [, requests] of ranked.slice(REPORTED_PATTERNS)) add(rest, requests);
    const reported = ranked.slice(0, REPORTED_PATTERNS);
    if (total(rest) > 0) reported.push([OTHER_PATTERNS, rest]);
    // fromEntries defines own properties: a key such as `__proto__` is a pattern like any other.
    return Object.fromEntries(reported.map(([pattern, requests]) => [pattern, patternStats(requests)]));
  }

  reset(): void {
    this.#memo.clear();
    this.#patterns.clear();
    this.#other = { hits: 0, misses: 0 };
  }

  #requestsOf(pattern: string): Requests {
    let requests = this.#patterns.get(pattern);
    if (!requests) {
      if (this.#patterns.size >= TRACKED_PATTERNS) this.#fold();
      this.#patterns.set(pattern, (requests = { hits: 0, misses: 0 }));
    }
    return requests;
  }

  #fold(): void {
    for (const [pattern, requests] of this.#ranked().slice(TRACKED_PATTERNS / 2)) {
      add(this.#other, requests);
      this.#patterns.delete(pattern);
    }
  }

  #patternOf(key: string): string {
    let pattern = this.#memo.get(key);
    if (pattern === undefined) {
      pattern = keyPattern(key);
      if (key.length <= MAX_MEMOISED_CHARS) {
        if (this.#memo.size >= MEMOISED_KEYS) this.#memo.clear();
        this.#memo.set(key, pattern);
      }
    }
    return pattern;
  }

  #ranked(): [string, Requests][] {
    return [...this.#patterns].sort(([, a], [, b]) => total(b) - total(a));
  }
}

function add(to: Requests, { hits, misses }: Requests): void {
  to.hits += hits;
  to.misses += misses;
}

function total({ hits, misses }: Requests): number {
  return hits + misses;
}

function patternStats(requests: Requests): PatternStats {
  return { requests: total(requests), ...requests, hitRate: percent(requests.hits, total(requests)) };
}
