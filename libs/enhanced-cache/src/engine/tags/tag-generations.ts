/** Map entry, counters and list head that a tag costs besides its name. */
const TAG_BYTES = 120;

/** One generation of a tag: the entries that were given it since it was last invalidated. */
export interface Generation {
  /** `undefined`: a generation without a name, made by an invalidation that matched entries of several tags. */
  readonly tag: string | undefined;
  count: number;
  /** No member dies before this; monotonic milliseconds. It may be too low after members left, never too high. */
  soonestExpiry: number;
  /** Set once the generation was invalidated; its members are dead and wait to be reclaimed. */
  invalidation: Invalidation | undefined;
}

/** One call that invalidated tags, until the last of its entries is reclaimed. */
export interface Invalidation {
  /** Entries it removed. Exact at once where {@link counted}, else when they are reclaimed. */
  count: number;
  /** Whether {@link count} was known from the start. */
  readonly counted: boolean;
  /** Monotonic milliseconds; an entry whose time was over by then is not among those it removed. */
  readonly at: number;
  readonly order: number;
  readonly generations: number[];
}

/** The generations that have members, by id; ids are used again. */
export class TagGenerations {
  readonly #generations: (Generation | undefined)[] = [];
  readonly #freeIds: number[] = [];
  #bytes = 0;

  /** What the generations take, their members apart. */
  get bytes(): number {
    return this.#bytes;
  }

  create(tag: string | undefined): number {
    const generation: Generation = { tag, count: 0, soonestExpiry: Infinity, invalidation: undefined };
    const id = this.#freeIds.pop() ?? this.#generations.length;
    this.#generations[id] = generation;
    this.#bytes += generationBytes(generation);
    return id;
  }

  /** The generation of an id that is in use. */
  of(id: number): Generation {
    return this.#generations[id] as Generation;
  }

  find(id: number): Generation | undefined {
    return this.#generations[id];
  }

  drop(id: number): void {
    this.#bytes -= generationBytes(this.of(id));
    this.#generations[id] = undefined;
    this.#freeIds.push(id);
  }
}

export function generationBytes({ tag }: Generation): number {
  return TAG_BYTES + (tag === undefined ? 0 : tag.length * 2);
}
