/**
 * Bytes that an entry takes besides its key, value, tags and metadata: its places in the arrays of the slot table and of
 * the policy, in the index of keys and in the groups of expiries, and what stands empty in each of them.
 *
 * Measured on Node 20.20 as the growth of a process (`npm run bench:memory`), a million entries: 129 (LRU) and 164 (HYBRID)
 * where a cache is filled once, 159 and 194 after churn, as a Map keeps the places of removed keys until it is rebuilt. At
 * other numbers of entries Maps stand emptier, and up to 255 were measured. In between is what keeps the sum within a
 * fifth of the truth at any of them.
 */
export const ENTRY_OVERHEAD_BYTES = 220;
