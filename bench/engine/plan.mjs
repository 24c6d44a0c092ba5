import { BARE_MAP, EMPTY_LOOP, REFERENCE } from './names.mjs';
import { TAG_INVALIDATION } from './operations.mjs';

/** Keys times bytes of JSON: each process holds about three times as much. */
const MOST_BYTES = 2 ** 28;
const MILLION = 1_000_000;

/**
 * @typedef {object} Setting
 * @property {number} keys
 * @property {number} bytes of each value as JSON
 * @property {number} [processes] of each candidate
 * @property {{ rounds: number, roundMs: number, warmMs: number }} timing
 * @property {(operation: { name: string }) => boolean} operations which ones are timed
 * @property {(candidate: string) => boolean} candidates which ones take part
 */

const everything = () => true;
const named =
  (...names) =>
  ({ name }) =>
    names.includes(name);
const notTags = ({ name }) => name !== TAG_INVALIDATION;

/** All of it. The 50 KB values stay below what a process should hold, so they come with few keys only. */
export const FULL = {
  timing: { rounds: 11, roundMs: 40, warmMs: 200 },
  /** For a million keys: what a round costs at its begin, with all caches of the processor cold, has to vanish. */
  millionTiming: { rounds: 11, roundMs: 60, warmMs: 400 },
  settings: [
    { keys: 1000, bytes: 120, processes: 3, operations: notTags },
    { keys: 100_000, bytes: 120, processes: 3, operations: notTags },
    { keys: MILLION, bytes: 120, operations: notTags },
    { keys: 1000, bytes: 2048, operations: notTags },
    { keys: 100_000, bytes: 2048, operations: notTags },
    { keys: 1000, bytes: 51_200, operations: notTags },
    // Each round sets all entries anew, so there are no more of them, and how large they are does not matter here.
    { keys: 1000, bytes: 120, operations: named(TAG_INVALIDATION) },
    { keys: 100_000, bytes: 120, operations: named(TAG_INVALIDATION) },
  ],
};

/** What decides most limits, in under 50 seconds. Not the million keys: filling them takes as long as all of this. */
export const QUICK = {
  timing: { rounds: 7, roundMs: 15, warmMs: 60 },
  settings: [
    {
      keys: 1000,
      bytes: 120,
      operations: named('getSync hit', 'set new', 'set new, not awaited'),
      candidates: (name) =>
        [EMPTY_LOOP, BARE_MAP, REFERENCE].includes(name) || /^enhanced-cache (shared|frozen)/.test(name),
    },
    {
      keys: 100_000,
      bytes: 120,
      operations: named('getSync hit', 'get hit'),
      candidates: (name) => !/^(layered-loader|node-cache|lru-cache \(no ttl\))/.test(name),
    },
    {
      keys: 100_000,
      bytes: 120,
      operations: named('set new', 'set new, not awaited'),
      candidates: (name) => [EMPTY_LOOP, REFERENCE].includes(name) || name.startsWith('enhanced-cache shared'),
    },
    {
      keys: 1000,
      bytes: 2048,
      operations: named('set overwrite', 'get hit'),
      candidates: (name) => [BARE_MAP, REFERENCE].includes(name) || name.startsWith('enhanced-cache copy'),
    },
  ],
};

/**
 * The settings of `plan`, or where keys or payloads were asked for, each of these with each of those.
 *
 * @returns {Setting[]}
 */
export function settingsFor(plan, { keys, payload, processes }) {
  const asked = (keys ?? [1000, 100_000]).flatMap((count) =>
    (payload ?? [120]).map((bytes) => ({ keys: count, bytes })),
  );
  const tooLarge = asked.find((setting) => setting.keys * setting.bytes > MOST_BYTES);
  if (tooLarge) throw new RangeError(`${tooLarge.keys} keys of ${tooLarge.bytes} B are too much for a process`);
  return (keys || payload ? asked : plan.settings).map((setting) => ({
    operations: everything,
    candidates: everything,
    timing: setting.keys >= MILLION ? (plan.millionTiming ?? plan.timing) : plan.timing,
    processes: 1,
    ...setting,
    ...(processes && { processes }),
  }));
}
