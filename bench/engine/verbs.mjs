/**
 * What every cache is put behind, so that the loops can be the same for all. What a cache has no verb for is absent.
 *
 * @typedef {object} Verbs
 * @property {(key: string) => unknown} [read] without a promise
 * @property {(key: string) => unknown} get
 * @property {(key: string, value: unknown) => void} [write] takes effect before it returns; a promise is not awaited
 * @property {(key: string, value: unknown) => unknown} set
 * @property {(key: string) => unknown} [getOrSet] its loader is never needed
 * @property {(key: string, value: unknown, tag: string) => unknown} [setTagged]
 * @property {(tag: string) => unknown} [invalidateTag]
 * @property {() => unknown} [close]
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {boolean} [isLean] small enough for a million entries in each of several processes
 * @property {boolean} [isUnbounded] has no limit, so it never evicts
 * @property {boolean} [isEmpty] holds nothing: what it misses says nothing
 * @property {number} [fromBytes] only for payloads of at least so many bytes
 * @property {number} [belowBytes] only for smaller ones
 * @property {(how: { capacity: number }) => Verbs | Promise<Verbs>} open
 */

/** No entry expires while it is measured. */
export const TTL_S = 3600;

/** The loader of `getOrSet` where every key is there. */
export function unexpectedLoad() {
  throw new Error('a loader was called for a key that should be there');
}
