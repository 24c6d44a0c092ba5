/**
 * What is timed of a cache. `loop` is the loop of `loops.mjs`, `verb` what it calls; `keys` says which keys it takes:
 *
 * - `zipf`: keys that are there, the popular ones more often
 * - `absent`: keys that are not, drawn in the same way
 * - `new`: all of twice as many keys as there is room for, one after the other, so that each is new and pushes one out
 *
 * @type {{ name: string, loop: 'read' | 'readAwaited' | 'write' | 'writeAwaited', verb: keyof import('./verbs.mjs').Verbs,
 *   keys: 'zipf' | 'absent' | 'new' }[]}
 */
const LOOPS = [
  { name: 'getSync hit', loop: 'read', verb: 'read', keys: 'zipf' },
  { name: 'get hit', loop: 'readAwaited', verb: 'get', keys: 'zipf' },
  { name: 'getSync miss', loop: 'read', verb: 'read', keys: 'absent' },
  { name: 'get miss', loop: 'readAwaited', verb: 'get', keys: 'absent' },
  { name: 'getOrSet hit', loop: 'readAwaited', verb: 'getOrSet', keys: 'zipf' },
  { name: 'set overwrite', loop: 'writeAwaited', verb: 'set', keys: 'zipf' },
  { name: 'set overwrite, not awaited', loop: 'write', verb: 'write', keys: 'zipf' },
  { name: 'set new', loop: 'writeAwaited', verb: 'set', keys: 'new' },
  { name: 'set new, not awaited', loop: 'write', verb: 'write', keys: 'new' },
];

/** One call of `invalidateTag`, awaited, for a tag that a tenth of the entries carry. */
export const TAG_INVALIDATION = 'tag invalidation';
export const TAGS = 10;

export const operations = [...LOOPS, { name: TAG_INVALIDATION }];

export function operationNamed(name) {
  return operations.find((operation) => operation.name === name);
}

/** `set new, not awaited`: `set`, `new`, `not`, `awaited`. */
export function wordsOf({ name }) {
  return name.split(/[ ,]+/);
}
