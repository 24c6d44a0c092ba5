/** Map pointer, hash and length, in front of every string. */
export const STRING_HEADER_BYTES = 16;
/** V8 allocates in steps of one pointer. */
const ALIGNMENT_BYTES = 8;

const BEYOND_LATIN1 = /[\u0100-\uffff]/;

/**
 * Whether every character of `text` fits one byte, so that V8 can hold it with one byte a character.
 *
 * Cost: O(1) for a string that is held so already (the expression cannot match there and V8 knows it), O(n) otherwise.
 */
export function isOneByte(text: string): boolean {
  return !BEYOND_LATIN1.test(text);
}

/** Bytes that V8 takes to hold `text` as one flat string: header, one or two bytes a character, padding. */
export function stringHeapBytes(text: string): number {
  return padded(STRING_HEADER_BYTES + (isOneByte(text) ? text.length : 2 * text.length));
}

/** `bytes` rounded up to what V8 allocates. */
export function padded(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
}
