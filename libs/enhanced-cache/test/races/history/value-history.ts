/** Writes remembered for each key. */
const EVENTS_KEPT = 480;

/** The last writes of one key: when each began and ended, and when its value was first seen. */
class KeyHistory {
  newest = 0;
  readonly begun = new Float64Array(EVENTS_KEPT);
  readonly ended = new Float64Array(EVENTS_KEPT).fill(Infinity);
  readonly seen = new Float64Array(EVENTS_KEPT).fill(Infinity);
}

/**
 * Decides, from the intervals in which calls ran, whether what a read returned was possible.
 *
 * The source numbers the writes of a key, so their order is known: version `v` was written before `v + 1`. A write is an
 * interval from the change of the source to the end of the invalidation that belongs to it. Times are numbers of one
 * sequence. The rules:
 *
 * 1. A miss is always possible.
 * 2. A value that is read was written: its write had begun when the read ended.
 * 3. No newer write had ended when the read began.
 * 4. No read that had ended when this one began had seen a newer value.
 *
 * The idea is that of CacheLib's consistency checker (`cachelib/cachebench/consistency/ValueHistory.h`), which has to
 * find out the order of writes from their intervals; here the source tells it, so the rules are stricter.
 *
 * Cost: O(newer writes) a read; {@link EVENTS_KEPT} writes a key are kept, and an older value counts as impossible.
 */
export class ValueHistory {
  readonly #keys = new Map<string, KeyHistory>();

  /** The source was changed. Versions of a key begin with 1 and go up by 1. */
  writeBegan(key: string, version: number, at: number): void {
    const history = this.#of(key);
    const slot = version % EVENTS_KEPT;
    history.newest = version;
    history.begun[slot] = at;
    history.ended[slot] = Infinity;
    history.seen[slot] = Infinity;
  }

  /** The cache was told. */
  writeEnded(key: string, version: number, at: number): void {
    const history = this.#of(key);
    if (history.newest - version < EVENTS_KEPT) history.ended[version % EVENTS_KEPT] = at;
  }

  /** What is impossible about a read that returned `version`; `undefined` where nothing is. */
  read(key: string, version: number | undefined, began: number, ended: number): string | undefined {
    if (version === undefined) return undefined;
    const { newest, begun, ended: writesEnded, seen } = this.#of(key);
    const about = `${key}: a read from ${began} to ${ended} returned version ${version}`;
    if (newest - version >= EVENTS_KEPT) return `${about}, older than the last ${EVENTS_KEPT} writes`;
    const slot = version % EVENTS_KEPT;
    if (version > newest || begun[slot] > ended) return `${about}, which was not written yet`;
    for (let newer = version + 1; newer <= newest; newer++) {
      const at = newer % EVENTS_KEPT;
      if (writesEnded[at] < began) return `${about}, but the write of ${newer} had ended at ${writesEnded[at]}`;
      if (seen[at] < began) return `${about}, but ${newer} had been seen at ${seen[at]}`;
    }
    seen[slot] = Math.min(seen[slot], ended);
    return undefined;
  }

  #of(key: string): KeyHistory {
    let history = this.#keys.get(key);
    if (!history) this.#keys.set(key, (history = new KeyHistory()));
    return history;
  }
}
