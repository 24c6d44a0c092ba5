import { childrenOf } from '../codec/children.js';

/**
 * The ArrayBuffers that `value` sees only a part of, each once: others may see the rest, as small Buffers share the pools
 * that Node.js takes them from.
 *
 * Iterative: the depth of a value cannot exhaust the stack. Cost: O(properties), with an allocation for each; meant for values
 * that are known to hold bytes.
 */
export function partialBuffers(value: object): ArrayBufferLike[] {
  const buffers = new Set<ArrayBufferLike>();
  const reached = new Set<object>([value]);
  // A Set that grows while it is walked hands out what was added, each object once.
  for (const object of reached) {
    if (!ArrayBuffer.isView(object)) {
      for (const { read } of childrenOf(object)) {
        const part = read();
        if (typeof part === 'object' && part !== null) reached.add(part);
      }
    } else if (object.byteLength < object.buffer.byteLength) {
      buffers.add(object.buffer);
    }
  }
  return [...buffers];
}
