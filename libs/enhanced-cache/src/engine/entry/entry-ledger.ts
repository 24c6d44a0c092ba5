import type { SlotTable } from './slot-table.js';

/** Running sums over all resident entries, in bytes. */
export class EntryLedger {
  /** What the entries are charged for. */
  weight = 0;
  /** Their values as serialized. */
  originalBytes = 0;
  /** Their values as stored. */
  storedBytes = 0;

  charge(table: SlotTable, slot: number): void {
    this.weight += table.weight(slot);
    this.originalBytes += table.originalBytes(slot);
    this.storedBytes += table.storedBytes(slot);
  }

  discharge(table: SlotTable, slot: number): void {
    this.weight -= table.weight(slot);
    this.originalBytes -= table.originalBytes(slot);
    this.storedBytes -= table.storedBytes(slot);
  }
}
