/**
 * Whether objects and arrays are nested more than `levels` deep in a tree of plain data.
 *
 * Level by level instead of by recursion, so that the depth it looks for cannot exhaust its own stack. Cost: O(properties)
 * down to that level.
 */
export function nestsDeeperThan(tree: unknown, levels: number): boolean {
  let level = [tree].filter(isObject);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap((object) => Object.values(object).filter(isObject));
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
