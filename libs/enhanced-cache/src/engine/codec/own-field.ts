/** Puts an ordinary own field on `target`, whatever its name: assigning `__proto__` would change the prototype instead. */
export function setOwnField(target: object, name: string, value: unknown, enumerable = true): void {
  if (enumerable && name !== '__proto__') (target as Record<string, unknown>)[name] = value;
  else Object.defineProperty(target, name, { value, enumerable, writable: true, configurable: true });
}

/**
 * An array of `length` holes. Setting `length` alone would allocate a pointer for each of up to 32 million of them; an
 * element far away makes V8 keep what exists in a table.
 */
export function arrayOfHoles(length: number): unknown[] {
  const array: unknown[] = [];
  if (length > 0) {
    array[length - 1] = undefined;
    delete array[length - 1];
  }
  return array;
}
