const labels = new WeakMap<object, string>();
const counts = new Map<string, number>();

/**
 * Names a class in keys: its name, and for further classes of the same name in this process `Name#2`, `Name#3`, in the
 * order in which they are first used. Two classes never share keys because somebody gave them one name.
 */
export function classLabel(type: { readonly name: string }): string {
  const known = labels.get(type);
  if (known !== undefined) return known;
  const name = type.name || '(anonymous)';
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  const label = count === 1 ? name : `${name}#${count}`;
  labels.set(type, label);
  return label;
}
