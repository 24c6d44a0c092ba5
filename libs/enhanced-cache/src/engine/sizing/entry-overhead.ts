/**
 * Bytes that an entry takes besides its key, value, tags and metadata.
 *
 * Its place in the Map from key to slot (three words and its share of the buckets), some twelve typed-array fields of 1
 * to 8 bytes in the slot table, the pointers to key, value, metadata, and the arrays of the policy. Measured on Node
 * 20.20 as the growth of a process through 60,000 to 130,000 small entries: 122 to 194 bytes an entry, by policy (LRU
 * least, HYBRID most) and by how full the doubling arrays are. The middle stands for all.
 */
export const ENTRY_OVERHEAD_BYTES = 160;
