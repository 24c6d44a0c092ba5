import { stringHeapBytes } from '../sizing/string-size.js';

/**
 * Map entry, counters and list head that a tag costs besides its name.
 *
 * Measured on Node 20.20 as the growth of a process with one to three tags for each entry: 118 to 140 where a cache is
 * filled once, 148 to 180 after churn, as a Map keeps the places of removed names until it is rebuilt.
 */
const TAG_BYTES = 150;
/** Generations stand in pages of so many: an array of all of them would be copied as a whole whenever it grows. */
const PAGE_BITS = 12;
const PAGE_MASK = 2 ** PAGE_BITS - 1;

/** One generation of a tag: the entries that were given it since it was last invalidated. */
export interface Generation {
  readonly tag: string;
  count: number;
  /** No member dies before this; monotonic milliseconds. It may be too low after members left, never too high. */
  soonestExpiry: number;
  /** Set once the generation was invalidated; its members are dead and wait to be reclaimed. */
  invalidation: Invalidation | undefined;
}

/** One call that ended entries by their tags, until the last of them is settled. */
export interface Invalidation {
  /** Entries it removed, or made stale. Exact at once where {@link counted}, else when all are settled. */
  count: number;
  /** Whether {@link count} was known from the start. */
  readonly counted: boolean;
  /** Monotonic milliseconds; an entry whose time was over by then is not among those it ended. */
  readonly at: number;
  readonly order: number;
  /** Generations that were cut off and still may have members. */
  readonly generations: number[];
}

/** The generations that have members, by id; ids are used again. */
export class TagGenerations {
  readonly #pages: (Generation | undefined)[][] = [];
  #used = 0;
  /** Ids that are free, in pages as well. */
  readonly #freeIds: number[][] = [];
  #bytes = 0;

  /** What the generations take, their members apart. */
  get bytes(): number {
    return this.#bytes;
  }

  create(tag: string): number {
    const generation: Generation = { tag, count: 0, soonestExpiry: Infinity, invalidation: undefined };
    const id = this.#freeId() ?? this.#used++;
    this.#put(id, generation);
    this.#bytes += generationBytes(generation);
    return id;
  }

  /** The generation of an id that is in use. */
  of(id: number): Generation {
    return this.find(id) as Generation;
  }

  find(id: number): Generation | undefined {
    return this.#pages[id >>> PAGE_BITS]?.[id & PAGE_MASK];
  }

  drop(id: number): void {
    this.#bytes -= generationBytes(this.of(id));
    this.#put(id, undefined);
    const last = this.#freeIds.at(-1);
    if (last === undefined || last.length > PAGE_MASK) this.#freeIds.push([id]);
    else last.push(id);
  }

  #put(id: number, generation: Generation | undefined): void {
    const page = (this.#pages[id >>> PAGE_BITS] ??= []);
    page[id & PAGE_MASK] = generation;
  }

  #freeId(): number | undefined {
    const last = this.#freeIds.at(-1);
    const id = last?.pop();
    if (last?.length === 0) this.#freeIds.pop();
    return id;
  }
}

/** What a tag costs, its members apart. */
export function generationBytes({ tag }: Pick<Generation, 'tag'>): number {
  return TAG_BYTES + stringHeapBytes(tag);
}
