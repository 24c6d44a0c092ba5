import { type Growth, growAtOnce } from '../enlarge.js';

const INITIAL_SLOTS = 64;
/** Up to here room doubles, and is made when it is needed. */
const SMALL_SLOTS = 4096;
/** Beyond, an empty place costs more than the copying that it spares. */
const GROWTH_FACTOR = 1.25;
/** A growth begins when so many of 16 slots are in use, and has taken its last step before all of them are. */
const BEGIN_AT_SIXTEENTHS = 15;
/** No growth takes more steps: some fifty arrays, and a sketch in 128. */
const MAX_STEPS = 256;

/** What has arrays over slots; see {@link Growth}. */
export interface OverSlots {
  grow(capacity: number): Growth;
}

/**
 * Sees to it that there is room for a slot before it is used, without a pause.
 *
 * To enlarge all arrays for a million slots takes tens of milliseconds, to enlarge one of them a few. So a growth begins
 * before it is needed, and as the last sixteenth of the slots fills up, it takes a step every few insertions.
 */
export class SlotRoom {
  #slots = 0;
  #growth: Growth | undefined;
  #target = 0;
  #nextStepAt = 0;

  constructor(private readonly owners: readonly OverSlots[]) {
    this.#growTo(INITIAL_SLOTS);
    this.#finish();
  }

  /** Slots that there is room for. */
  get slots(): number {
    return this.#slots;
  }

  /**
   * Call it before `slot` is used for the first time. Slots come one after the other.
   *
   * @param enough slots that will do for good, as far as is known: no room is made beyond without need.
   */
  ensure(slot: number, enough: number): void {
    if (slot >= this.#slots) {
      if (!this.#growth) this.#growTo(nextSize(this.#slots, enough));
      this.#finish();
    } else if (slot >= this.#nextStepAt && enough > this.#slots) {
      if (!this.#growth) this.#growTo(nextSize(this.#slots, enough));
      this.#nextStepAt = slot + Math.max(1, Math.floor(this.#slots / 16 / MAX_STEPS));
      if (this.#growth?.next().done) this.#finish();
    }
  }

  #growTo(slots: number): void {
    this.#target = slots;
    this.#growth = growAll(this.owners, slots);
  }

  #finish(): void {
    growAtOnce(this.#growth as Growth);
    this.#growth = undefined;
    this.#slots = this.#target;
    this.#nextStepAt = this.#slots < SMALL_SLOTS ? Infinity : Math.floor((this.#slots * BEGIN_AT_SIXTEENTHS) / 16);
  }
}

function* growAll(owners: readonly OverSlots[], slots: number): Growth {
  for (const owner of owners) {
    yield* owner.grow(slots);
    yield;
  }
}

function nextSize(slots: number, enough: number): number {
  const next = slots < SMALL_SLOTS ? slots * 2 : Math.ceil(slots * GROWTH_FACTOR);
  return enough > slots ? Math.min(next, enough) : next;
}
