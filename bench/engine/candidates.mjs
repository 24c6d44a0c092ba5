import { enhancedCandidates } from './enhanced-candidates.mjs';
import { EMPTY_LOOP } from './names.mjs';
import { peers } from './peers.mjs';

/** From so many keys on, only what is lean is timed: each candidate fills a process of its own. */
const LEAN_FROM_KEYS = 500_000;

/** The loop with nothing in it. Its cost is part of every other figure. */
const emptyLoop = {
  name: EMPTY_LOOP,
  isLean: true,
  isEmpty: true,
  open: () => ({
    read: (key) => key,
    get: (key) => key,
    write: () => undefined,
    set: () => undefined,
    getOrSet: (key) => key,
  }),
};

/** @type {import('./verbs.mjs').Candidate[]} */
export const candidates = [emptyLoop, ...peers, ...enhancedCandidates];

export function candidatesFor({ keys, bytes }) {
  return candidates.filter(
    ({ isLean, fromBytes = 0, belowBytes = Infinity }) =>
      (keys < LEAN_FROM_KEYS || isLean) && bytes >= fromBytes && bytes < belowBytes,
  );
}
