import type { SlotTable } from './slot-table.js';

/** Slots looked at, or comparisons made, in one step of the sort. */
const COMPARISONS_PER_STEP = 512;

/**
 * The resident slots, least recently accessed first, as they are when they are first looked at. What arrives while the
 * sort goes on may be missing; see {@link thenTheRest}.
 *
 * A bottom-up merge sort that can be paused anywhere: O(n log n) in all, 8 bytes a slot while it runs. A comparator
 * sort of a million slots would hold the event loop for a third of a second.
 */
export function* slotsByAccess(table: SlotTable): Generator<undefined, Int32Array, undefined> {
  // Of now: what arrives meanwhile has no room in the arrays.
  const { used } = table;
  let from = new Int32Array(used);
  let count = 0;
  for (let slot = 0; slot < used; slot++) {
    if (table.key(slot) !== undefined) from[count++] = slot;
    if (slot % COMPARISONS_PER_STEP === 0) yield;
  }
  let to = new Int32Array(count);
  let comparisons = 0;
  for (let width = 1; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const middle = Math.min(start + width, count);
      const end = Math.min(start + 2 * width, count);
      let left = start;
      let right = middle;
      for (let i = start; i < end; i++) {
        const takeLeft =
          left < middle && (right >= end || table.lastAccess(from[left]) <= table.lastAccess(from[right]));
        to[i] = takeLeft ? from[left++] : from[right++];
        if (++comparisons % COMPARISONS_PER_STEP === 0) yield;
      }
    }
    [from, to] = [to, from];
  }
  return from.subarray(0, count);
}

/** `order`, then every slot of `table`, those at the end that are handed out meanwhile included. */
export function* thenTheRest(order: Iterable<number>, table: SlotTable): Generator<number, void, undefined> {
  yield* order;
  for (let slot = 0; slot < table.used; slot++) yield slot;
}
