/**
 * Spreads a key's hash, so that any of its bits may choose a block, a set or a sample.
 *
 * The finalizer of MurmurHash3 (Austin Appleby, public domain): neighbouring numbers and similar keys come out unrelated.
 */
export function mixHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
