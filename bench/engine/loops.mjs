/**
 * The loops that are timed. Imported anew for each operation, as `loops.mjs?of=…`: V8 keeps what it learned of a loop
 * with the module, and a loop that has called two kinds of functions is slower for both.
 *
 * `order` holds indices of keys, `at` is where in it the loop begins. All of them return the index at which the next
 * one begins, and the reading ones count what they missed, so that nothing of their work can be optimized away.
 */
export function read(verb, keys, order, at, times, tally) {
  const { length } = order;
  let missed = 0;
  for (let i = 0; i < times; i++) {
    if (verb(keys[order[at]]) === undefined) missed++;
    if (++at === length) at = 0;
  }
  tally.missed += missed;
  return at;
}

export async function readAwaited(verb, keys, order, at, times, tally) {
  const { length } = order;
  let missed = 0;
  for (let i = 0; i < times; i++) {
    if ((await verb(keys[order[at]])) === undefined) missed++;
    if (++at === length) at = 0;
  }
  tally.missed += missed;
  return at;
}

export function write(verb, keys, order, at, values) {
  const { length } = order;
  for (let i = 0; i < values.length; i++) {
    verb(keys[order[at]], values[i]);
    if (++at === length) at = 0;
  }
  return at;
}

export async function writeAwaited(verb, keys, order, at, values) {
  const { length } = order;
  for (let i = 0; i < values.length; i++) {
    await verb(keys[order[at]], values[i]);
    if (++at === length) at = 0;
  }
  return at;
}
