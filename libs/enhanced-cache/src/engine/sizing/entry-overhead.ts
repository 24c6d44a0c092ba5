/**
 * Bytes that an entry takes besides its key, value, tags and metadata.
 *
 * Composed of: its place in the Map from key to slot (three words and its share of the buckets, doubled while the table
 * is half full: about 40 to 56), some twelve typed-array fields of 4 to 8 bytes in the slot table and in the policy
 * (about 80), the pointers to key, value, tags and metadata (32), and the slack of arrays that grow by doubling.
 */
export const ENTRY_OVERHEAD_BYTES = 200;
