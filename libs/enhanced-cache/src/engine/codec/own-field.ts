/** Puts an ordinary own field on `target`, whatever its name: assigning `__proto__` would change the prototype instead. */
export function setOwnField(target: object, name: string, value: unknown, enumerable = true): void {
  if (enumerable && name !== '__proto__') (target as Record<string, unknown>)[name] = value;
  else Object.defineProperty(target, name, { value, enumerable, writable: true, configurable: true });
}

/**
 * Gives `array` holes at its end, up to `length`. Setting `length` alone would allocate a pointer for each of up to 32
 * million of them; an element far away makes V8 keep what exists in a table.
 */
export function extendWithHoles(array: unknown[], length: number): void {
  if (array.length >= length) return;
  array[length - 1] = undefined;
  delete array[length - 1];
}
