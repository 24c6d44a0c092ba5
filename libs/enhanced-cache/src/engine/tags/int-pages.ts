import { enlarge } from '../enlarge.js';

/** A full page has `2 ** PAGE_BITS` records. */
export const PAGE_BITS = 12;
const PAGE_RECORDS = 2 ** PAGE_BITS;
const PAGE_MASK = PAGE_RECORDS - 1;
const FIRST_RECORDS = 64;

/**
 * Records of a few 32-bit integers each, by number, in pages.
 *
 * Whatever has been stored stays where it is: a million records grow by one page of some 80 KB, while one array that
 * doubles would copy megabytes in the middle of a write. The fields of a record lie side by side, so that it is mostly
 * one cache line. Only the first page begins small and doubles, for those who have few.
 */
export class Int32Pages {
  readonly #pages: (Int32Array | undefined)[] = [];

  /** @param blank what every field is until it is set. */
  constructor(
    private readonly fields: number,
    private readonly blank: number,
  ) {}

  /** A field of a record, `blank` where none was stored. */
  get(record: number, field: number): number {
    const page = this.#pages[record >>> PAGE_BITS];
    const at = (record & PAGE_MASK) * this.fields + field;
    return page !== undefined && at < page.length ? page[at] : this.blank;
  }

  set(record: number, field: number, value: number): void {
    const at = (record & PAGE_MASK) * this.fields + field;
    const page = this.#pages[record >>> PAGE_BITS];
    if (page !== undefined && at < page.length) page[at] = value;
    else this.#roomFor(record)[at] = value;
  }

  #roomFor(record: number): Int32Array {
    const number = record >>> PAGE_BITS;
    const page = this.#pages[number] ?? new Int32Array(0);
    const records = number > 0 ? PAGE_RECORDS : Math.max(FIRST_RECORDS, 2 ** Math.ceil(Math.log2(record + 1)));
    const larger = enlarge(page, records * this.fields, this.blank);
    this.#pages[number] = larger;
    return larger;
  }
}
