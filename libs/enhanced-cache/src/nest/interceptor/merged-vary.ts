/** The names in `present`, a `Vary` header or nothing, and those of `names` that are not among them. */
export function mergedVary(present: unknown, names: readonly string[]): string {
  if (present === undefined || present === '') return names.join(', ');
  const text = String(present);
  const known = text.split(',').map((name) => name.trim().toLowerCase());
  const added = names.filter((name) => !known.includes(name.toLowerCase()));
  return added.length === 0 ? text : `${text}, ${added.join(', ')}`;
}
