import { payload } from '../support/payloads.mjs';
import { randomFrom } from '../support/random.mjs';

const SEED = 20_240;
const ZIPF_EXPONENT = 0.99;
const SEQUENCE_LENGTH = 1 << 18;
/** Of these, in bytes of JSON altogether, all values are copies. */
const TEMPLATE_BYTES = 2 ** 21;

/** Keys as they lie ready in a program: flat one-byte strings, their hash computed. */
export function readyKeys(prefix, from, to) {
  const keys = [];
  for (let i = from; i < to; i++) keys.push(Buffer.from(`${prefix}:${i}`, 'latin1').latin1Slice());
  new Set(keys);
  return keys;
}

/**
 * Indices below `count`, Zipf with exponent 0.99, the ranks scattered over them, so that popular keys do not lie side by
 * side in memory. The same for the same `count`.
 */
export function zipfSequence(count) {
  const random = randomFrom(SEED);
  const indexOfRank = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [indexOfRank[i], indexOfRank[j]] = [indexOfRank[j], indexOfRank[i]];
  }
  const upTo = new Float64Array(count);
  let total = 0;
  for (let rank = 0; rank < count; rank++) upTo[rank] = total += (rank + 1) ** -ZIPF_EXPONENT;
  return Int32Array.from({ length: SEQUENCE_LENGTH }, () => indexOfRank[rankOf(random() * total, upTo)]);
}

/** The first rank whose cumulated weight exceeds `weight`. */
function rankOf(weight, upTo) {
  let low = 0;
  let high = upTo.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (upTo[middle] > weight) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Indices `from`, `from + 1`, … below `count`, then from 0 on up to `from`. */
export function roundTrip(count, from) {
  return Int32Array.from({ length: count }, (_, i) => (from + i) % count);
}

/** Makes value after value, each an object graph of its own of about `bytes` of JSON, in a fraction of the time of a set. */
export function valueMaker(bytes) {
  const templates = Array.from({ length: Math.ceil(TEMPLATE_BYTES / bytes) }, (_, i) => payload(bytes, i));
  let next = 0;
  return () => {
    const { user, orders } = templates[next++ % templates.length];
    return { user, orders: orders.map((order) => ({ ...order })) };
  };
}
