import { ENTRY_OVERHEAD_BYTES } from '../sizing/entry-overhead.js';
import { stringHeapBytes } from '../sizing/string-size.js';
import { LINK_BYTES } from '../tags/tag-links.js';

/** Bytes that an entry is charged for: all that it takes, but for the names of its tags, which it shares with others. */
export function entryWeight(key: string, heldBytes: number, tags: number, metadata: string | undefined): number {
  const metadataBytes = metadata === undefined ? 0 : stringHeapBytes(metadata);
  return ENTRY_OVERHEAD_BYTES + stringHeapBytes(key) + heldBytes + tags * LINK_BYTES + metadataBytes;
}
