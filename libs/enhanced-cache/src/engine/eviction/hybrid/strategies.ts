import type { AdmissionRules } from '../structures/admission-queues.js';

/** A way to run the queues, with the name that statistics show. */
export interface Strategy extends AdmissionRules {
  readonly name: string;
}

/**
 * The ways that HYBRID chooses from. Few, far apart and each the best on some kind of load: whatever the load, one of them
 * is close to the best that window and main queue can reach.
 */
export const STRATEGIES: readonly Strategy[] = [
  /** Loops and scans: keep what is in. */
  { name: 'frequency-strict', windowShare: 0.002, welcomeReturners: false, strict: true },
  /** Few keys get most requests. */
  { name: 'balanced', windowShare: 0.1, welcomeReturners: false, strict: true },
  /** What was used comes back, but not at once: catalogues, databases. */
  { name: 'returners', windowShare: 0.2, welcomeReturners: true, strict: false },
  /** Loops that change. */
  { name: 'frequency', windowShare: 0.01, welcomeReturners: false, strict: false },
  /** What was used a moment ago is used again: sessions, queues. */
  { name: 'recency', windowShare: 0.8, welcomeReturners: false, strict: false },
];

/**
 * How the queues run until evidence speaks for a strategy: a newcomer that comes back is let in where somebody else idles as
 * long, and what comes once gets no more than a window of this share. Nowhere the best and nowhere far behind.
 */
export const STARTING: Strategy = {
  name: 'starting',
  windowShare: 0.15,
  welcomeReturners: true,
  returnersCompete: true,
  strict: true,
};
/** The first strategy where the cache filled without hits: that is a scan or a loop, and a window would be wasted. */
export const SCANNED = 0;
/** Below this share of hits while it fills, a cache counts as filled by a scan. */
export const SCAN_HIT_SHARE = 0.08;
