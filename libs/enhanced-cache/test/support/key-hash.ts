/** The hash that the slot table gives a key: FNV-1a over its UTF-16 units. */
export function keyHashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return hash | 0;
}
