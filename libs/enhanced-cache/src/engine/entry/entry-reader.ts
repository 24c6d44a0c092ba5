import type { EntryPage, ListOptions } from '../cache-types.js';
import { InvalidOptionsError } from '../errors.js';
import type { Clock } from '../ports/clock.js';
import { SliceBudget } from '../slices.js';
import type { EntryStore } from './entry-store.js';
import { type EntryInfo, entryInfo } from './entry-view.js';

export const MAX_PAGE = 1000;
const DEFAULT_PAGE = 100;
const CURSOR = /^[0-9a-z]{1,8}$/;

/** Shows entries to people: wall-clock times, sizes, tags; nothing here counts as a hit. */
export class EntryReader {
  constructor(
    private readonly store: EntryStore,
    private readonly clock: Clock,
  ) {}

  info(slot: number): EntryInfo {
    this.store.settle();
    const { table, tags } = this.store;
    const facts = {
      key: table.key(slot) as string,
      created: table.created(slot),
      expiresAt: table.expiresAt(slot),
      lastAccess: table.lastAccess(slot),
      hits: table.hits(slot),
      tags: tags.tagsOf(slot),
      priority: table.priority(slot),
      cost: table.cost(slot),
      metadata: table.metadata(slot),
      originalBytes: table.originalBytes(slot),
      storedBytes: table.storedBytes(slot),
    };
    return entryInfo(facts, this.clock);
  }

  /**
   * Live entries with `tag`, newest first. Those that leave or are cleared while it looks are left out; the event loop
   * turns between slices.
   */
  async byTag(tag: string): Promise<EntryInfo[]> {
    const { store } = this;
    const { table } = store;
    const budget = new SliceBudget(this.clock);
    const entries: EntryInfo[] = [];
    for (const slot of store.tags.members(tag)) {
      if (store.isLive(slot, this.clock.coarseNow())) entries.push(this.info(slot));
      if (budget.spent()) await budget.renew();
      if (store.table !== table) break;
    }
    return entries;
  }

  /**
   * One page of entries in no order that means anything. An entry that is there from the first page to the last is
   * listed exactly once, because it keeps its slot; what comes or goes meanwhile may be missed. Looks through the cache
   * in slices, so a filter that matches little does not hold the event loop.
   *
   * @throws {InvalidOptionsError}
   */
  async page(options: ListOptions = {}): Promise<EntryPage> {
    const { prefix = '', tag, limit = DEFAULT_PAGE } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
      throw new InvalidOptionsError('limit', `an integer from 1 to ${MAX_PAGE}`, limit);
    }
    const budget = new SliceBudget(this.clock);
    const entries: EntryInfo[] = [];
    let slot = startOf(options.cursor);
    for (; slot < this.store.table.used && entries.length < limit; slot++) {
      if (this.#matches(slot, prefix, tag)) entries.push(this.info(slot));
      if (budget.spent()) await budget.renew();
    }
    const more = slot < this.store.table.used;
    return { entries, nextCursor: more ? slot.toString(36) : null };
  }

  #matches(slot: number, prefix: string, tag: string | undefined): boolean {
    return (
      this.store.isLive(slot, this.clock.coarseNow()) &&
      (this.store.table.key(slot) as string).startsWith(prefix) &&
      (tag === undefined || this.store.tags.hasTag(slot, tag))
    );
  }
}

function startOf(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  if (typeof cursor !== 'string' || !CURSOR.test(cursor)) {
    throw new InvalidOptionsError('cursor', 'the nextCursor of the page before', cursor);
  }
  return Number.parseInt(cursor, 36);
}
