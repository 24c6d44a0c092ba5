import { bufferBytes } from '../sizing/heap-layout.js';

/** What it takes to remember one buffer of one entry: a place in either Map and a list. Measured on Node 20.20. */
const LINK_BYTES = 150;

/**
 * ArrayBuffers that more than one entry may keep alive.
 *
 * An entry is charged for the whole buffer behind each view in its value, as it alone may hold it. Small Buffers come out of
 * pools, though, and 80 entries with a view of one pool hold its 8 KB once, not 80 times. What their weights have too much
 * together is {@link surplusBytes}.
 *
 * Only the entries of values that are kept as objects and see parts of buffers are in here: few caches have any.
 */
export class SharedBuffers {
  readonly #bySlot = new Map<number, readonly ArrayBufferLike[]>();
  readonly #holders = new Map<ArrayBufferLike, number>();
  #surplusBytes = 0;

  /** What the weights of the entries come to beyond what they hold together; below 0 where nothing is shared. */
  get surplusBytes(): number {
    return this.#surplusBytes;
  }

  /** The entry in `slot`, which has none so far, holds `buffers`, each named once. */
  add(slot: number, buffers: readonly ArrayBufferLike[]): void {
    this.#bySlot.set(slot, buffers);
    for (const buffer of buffers) {
      const others = this.#holders.get(buffer) ?? 0;
      this.#holders.set(buffer, others + 1);
      this.#surplusBytes += surplus(buffer, others);
    }
  }

  remove(slot: number): void {
    if (this.#bySlot.size === 0) return;
    const buffers = this.#bySlot.get(slot);
    if (buffers === undefined) return;
    this.#bySlot.delete(slot);
    for (const buffer of buffers) {
      const others = (this.#holders.get(buffer) as number) - 1;
      if (others === 0) this.#holders.delete(buffer);
      else this.#holders.set(buffer, others);
      this.#surplusBytes -= surplus(buffer, others);
    }
  }

  /** {@link surplusBytes} added up again, for those who check that nothing drifts. */
  recount(slots: Iterable<number>): number {
    const again = new SharedBuffers();
    for (const slot of slots) {
      const buffers = this.#bySlot.get(slot);
      if (buffers) again.add(slot, buffers);
    }
    return again.surplusBytes;
  }
}

/** What one more holder of `buffer` is charged too much, if so many `others` hold it. */
function surplus(buffer: ArrayBufferLike, others: number): number {
  return (others > 0 ? bufferBytes(buffer) : 0) - LINK_BYTES;
}
