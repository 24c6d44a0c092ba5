import { measureStored } from '../codec/held-bytes.js';
import { DecodedValue } from './decoded-values.js';
import { entryWeight } from './entry-weight.js';
import type { EntryStore } from './entry-store.js';

/**
 * Re-derives what the store keeps count of from the entries themselves.
 *
 * @returns a sentence for each figure that is off.
 */
export function auditStore(store: EntryStore): string[] {
  const { table, tags } = store;
  const faults: string[] = [];
  const check = (what: string, tracked: unknown, derived: unknown): void => {
    if (tracked !== derived) faults.push(`${what}: tracked ${String(tracked)}, derived ${String(derived)}`);
  };
  const slots: number[] = [];
  let entryBytes = 0;
  let decodedBytes = 0;
  let originalBytes = 0;
  let storedBytes = 0;
  for (let slot = 0; slot < table.used; slot++) {
    const key = table.key(slot);
    if (key === undefined) continue;
    slots.push(slot);
    check(`slot of ${JSON.stringify(key)}`, store.slotOf(key), slot);
    const weight = entryWeight(
      key,
      measureStored(table.kind(slot), table.stored(slot)),
      tags.tagsOf(slot).length,
      table.metadata(slot),
    );
    check(`weight of ${JSON.stringify(key)}`, table.weight(slot), weight);
    entryBytes += weight;
    const held = table.data[slot];
    if (held instanceof DecodedValue) decodedBytes += held.form.heldBytes;
    originalBytes += table.originalBytes(slot);
    storedBytes += table.storedBytes(slot);
  }
  for (const slot of store.pendingHits)
    check(`entry of a noted hit, slot ${slot}`, table.key(slot) !== undefined, true);
  const recounted = tags.recount(slots);
  check('resident entries', store.resident, slots.length);
  check('bytes', store.bytes, entryBytes + recounted.bytes + decodedBytes - store.buffers.recount(slots));
  check('bytes of decoded forms', store.decoded.bytes, decodedBytes);
  check('bytes before compression', store.ledger.originalBytes, originalBytes);
  check('bytes as stored', store.ledger.storedBytes, storedBytes);
  check('tags', tags.size, recounted.tags.size);
  for (const [tag, count] of recounted.tags) check(`members of ${JSON.stringify(tag)}`, tags.countOf(tag), count);
  return faults;
}
