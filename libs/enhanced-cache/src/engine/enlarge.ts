type SlotArray =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** Enlarges arrays one a step, so that none of many large ones has to be copied in the same turn as another. */
export type Growth = Generator<undefined, void, undefined>;

/** Takes all steps of `growth` now. */
export function growAtOnce(growth: Growth): void {
  while (!growth.next().done);
}

/** A copy of `array` that is `length` long, its new places set to `fill`; `array` itself where it is long enough. */
export function enlarge<A extends SlotArray>(array: A, length: number, fill = 0): A {
  if (length <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => A)(length);
  larger.set(array);
  // Typed arrays start as zeros.
  return fill === 0 ? larger : (larger.fill(fill, array.length) as A);
}

/** {@link enlarge} for a list of anything; its new places are empty. It takes no more room than it is long. */
export function enlargeList<T>(list: T[], length: number): T[] {
  if (length <= list.length) return list;
  const larger = new Array<T>(length);
  for (let i = 0; i < list.length; i++) larger[i] = list[i];
  return larger;
}
