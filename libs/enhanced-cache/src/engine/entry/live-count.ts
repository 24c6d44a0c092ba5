import { GROUP_SLOTS } from '../expiry/expiry-bound.js';
import type { EntryStore } from './entry-store.js';

/** Entries that are looked at to estimate the rest. */
export const SAMPLE_SLOTS = 1024;
/** Groups of slots whose expired entries are counted one by one: half a millisecond. Of more, as many stand for all. */
export const COUNTED_GROUPS = 256;
/** The golden ratio's fraction: its multiples spread evenly, whatever period the entries have. */
const SPREAD = (Math.sqrt(5) - 1) / 2;

/**
 * How many entries of `store` are live.
 *
 * O(1) while nothing waits to be removed. Expired ones that wait are counted, which costs a look at the slots of the
 * groups that they are in; where those are more than {@link COUNTED_GROUPS}, as after a million entries expired at once,
 * they are estimated from as many. While entries wait whose tags were invalidated, the number is exact where they were
 * invalidated by one tag alone, or where there are up to {@link SAMPLE_SLOTS} slots; else it is estimated from as many,
 * within what is certain, until the last of them is removed: looking at each would hold the event loop for as long as
 * removing them.
 */
export function countLive(store: EntryStore, now: number): number {
  const { tags, resident } = store;
  const expired = now < store.expiry.soonest ? 0 : countExpired(store, now);
  if (!tags.hasPending) return resident - expired;
  const { least, most } = tags.ended;
  const fewest = Math.max(0, resident - most - expired);
  const greatest = resident - Math.max(least, expired);
  return fewest === greatest ? fewest : Math.min(Math.max(sampleLive(store, now), fewest), greatest);
}

function countExpired({ resident, table, expiry }: EntryStore, now: number): number {
  const due: number[] = [];
  for (let group = expiry.nextDue(0, now); group !== -1; group = expiry.nextDue(group + 1, now)) due.push(group);
  const looked = Math.min(due.length, COUNTED_GROUPS);
  let expired = 0;
  for (let i = 0; i < looked; i++) {
    const group = due[Math.floor((i * due.length) / looked)];
    const end = Math.min((group + 1) * GROUP_SLOTS, table.used);
    expired += table.countExpired(group * GROUP_SLOTS, end, now);
  }
  return looked === due.length ? expired : Math.min(Math.round((expired * due.length) / looked), resident);
}

function sampleLive(store: EntryStore, now: number): number {
  const { table } = store;
  const { used } = table;
  const all = used <= SAMPLE_SLOTS;
  let live = 0;
  let seen = 0;
  for (let i = 0; i < (all ? used : SAMPLE_SLOTS); i++) {
    const slot = all ? i : Math.floor(((i * SPREAD) % 1) * used);
    if (table.key(slot) === undefined) continue;
    seen++;
    if (store.isLive(slot, now)) live++;
  }
  return seen === 0 ? 0 : Math.round((store.resident * live) / seen);
}
