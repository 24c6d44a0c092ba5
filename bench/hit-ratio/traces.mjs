import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { randomFrom } from '../support/random.mjs';

/**
 * @typedef {object} Trace requests in the order in which they were made
 * @property {string} name
 * @property {Int32Array} keys numbers from 0 to below `unique`
 * @property {number} unique
 * @property {Float64Array | undefined} sizes bytes of each request, where the trace names them
 * @property {Float64Array | undefined} costs of each request, where the trace names them
 */

const SYNTHETIC_REQUESTS = 200_000;
const SYNTHETIC_KEYS = 10_000;

/** Loads that are made up, for whoever has no trace: from the same seed, so the same everywhere. */
const SYNTHETIC = {
  /** Zipf 0.9 over all keys. */
  zipf: (random) => zipfKeys(random, SYNTHETIC_KEYS, 0.9),
  /** A loop over twice what a cache of 1,000 holds. */
  loop: () => (i) => i % 2000,
  /** Zipf with a scan of keys that never come back, every other ten thousand requests. */
  scan: (random) => {
    const zipf = zipfKeys(random, SYNTHETIC_KEYS, 0.9);
    let next = SYNTHETIC_KEYS;
    return (i) => (Math.floor(i / 10_000) % 2 === 1 && i % 2 === 0 ? next++ : zipf(i));
  },
  /** Zipf whose favourites are others every 20,000 requests. */
  shift: (random) => {
    const zipf = zipfKeys(random, SYNTHETIC_KEYS, 0.9);
    return (i) => (zipf(i) + Math.floor(i / 20_000) * 1777) % SYNTHETIC_KEYS;
  },
};

export const SYNTHETIC_NAMES = Object.keys(SYNTHETIC);

/**
 * The trace that `spec` names: a file, a synthetic load, or some of them one after the other, `a.gz+b.gz+a.gz`, with key
 * spaces apart. `a.gz*5` stands for five times the same.
 *
 * @returns {Trace}
 */
export function loadTrace(spec, directory, mostRequests = Infinity) {
  const names = spec.split('+').flatMap((part) => {
    const repeated = /^(.*)\*(\d+)$/.exec(part);
    return repeated ? Array(Number(repeated[2])).fill(repeated[1]) : [part];
  });
  const parts = new Map(names.map((name) => [name, loadOne(name, directory)]));
  const trace = parts.size === 1 && names.length === 1 ? parts.get(names[0]) : concatenate(names, parts);
  return cut({ ...trace, name: spec }, mostRequests);
}

function loadOne(name, directory) {
  const made = SYNTHETIC[name];
  if (made) return synthetic(made);
  const file = name.endsWith('.gz') ? name : `${name}.gz`;
  const path = directory && basename(file) === file ? join(directory, file) : file;
  return parse(gunzipSync(read(name, path)));
}

function read(name, path) {
  try {
    return readFileSync(path);
  } catch (error) {
    const known = Object.keys(SYNTHETIC).join(', ');
    throw new Error(`trace ${name}: ${path} cannot be read (${error.code}); built in are ${known}`, { cause: error });
  }
}

function synthetic(make) {
  const keyOf = make(randomFrom(11));
  const numbers = new Map();
  const keys = Int32Array.from({ length: SYNTHETIC_REQUESTS }, (_, i) => numbered(numbers, keyOf(i)));
  return { keys, unique: numbers.size };
}

/** `key`, `key size` or `key size cost`, a request a line; keys may be any text without blanks. */
function parse(bytes) {
  const lines = bytes.toString('latin1').split('\n');
  if (lines.at(-1) === '') lines.pop();
  const columns = (lines[0] ?? '').trim().split(/\s+/).length;
  const numbers = new Map();
  const keys = new Int32Array(lines.length);
  const sizes = columns > 1 ? new Float64Array(lines.length) : undefined;
  const costs = columns > 2 ? new Float64Array(lines.length) : undefined;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (columns === 1) {
      keys[i] = numbered(numbers, line);
      continue;
    }
    const [key, size, cost] = line.split(/\s+/);
    keys[i] = numbered(numbers, key);
    sizes[i] = Math.max(Number(size), 1);
    if (costs) costs[i] = Number(cost);
  }
  return { keys, unique: numbers.size, sizes, costs };
}

function numbered(numbers, key) {
  let number = numbers.get(key);
  if (number === undefined) numbers.set(key, (number = numbers.size));
  return number;
}

function concatenate(names, parts) {
  const offsets = new Map();
  let unique = 0;
  for (const [name, part] of parts) {
    offsets.set(name, unique);
    unique += part.unique;
  }
  const every = (field) => [...parts.values()].every((part) => part[field]);
  return {
    unique,
    keys: Int32Array.from(names.flatMap((name) => Array.from(parts.get(name).keys, (key) => key + offsets.get(name)))),
    sizes: every('sizes') ? Float64Array.from(names.flatMap((name) => [...parts.get(name).sizes])) : undefined,
    costs: every('costs') ? Float64Array.from(names.flatMap((name) => [...parts.get(name).costs])) : undefined,
  };
}

function cut(trace, mostRequests) {
  if (trace.keys.length <= mostRequests) return trace;
  const first = (column) => column?.subarray(0, mostRequests);
  return { ...trace, keys: first(trace.keys), sizes: first(trace.sizes), costs: first(trace.costs) };
}

/** The inverse of the cumulated distribution, by bisection. */
function zipfKeys(random, keys, exponent) {
  const cumulated = new Float64Array(keys);
  let total = 0;
  for (let rank = 0; rank < keys; rank++) cumulated[rank] = total += 1 / (rank + 1) ** exponent;
  return () => {
    const wanted = random() * total;
    let low = 0;
    for (let high = keys - 1; low < high;) {
      const middle = (low + high) >>> 1;
      if (cumulated[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** What a miss of each key costs: 1, 10 or 100 by a hash of its number, the same in every run. */
export function triCosts(unique) {
  return Float64Array.from({ length: unique }, (_, key) => 10 ** (scrambled(key) % 3));
}

function scrambled(number) {
  let mixed = Math.imul(number + 1, 0x9e3779b1);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
