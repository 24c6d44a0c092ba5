import { payload } from '../support/payloads.mjs';
import { randomFrom } from '../support/random.mjs';

/** So many bytes of distinct values go through a codec, but never fewer than {@link LEAST_VALUES}. */
const POOL_BYTES = 2 ** 19;
const LEAST_VALUES = 4;
const TEN_KB = 10_240;
const SENSOR_STEP = 64;

/**
 * Kinds of values, each with many instances that differ.
 *
 * `form` says what a compressor without a cache around it would be given: `json` their JSON text, `structured` what
 * `v8.serialize` makes of them, `bytes` themselves, `text` a byte for each character.
 *
 * @type {{ name: string, bytes: number, form: 'json' | 'structured' | 'bytes' | 'text', isQuick?: boolean,
 *   make: (seed: number) => unknown }[]}
 */
export const KINDS = [
  ...[
    { name: 'JSON 120 B', bytes: 120, isQuick: true },
    { name: 'JSON 500 B', bytes: 500 },
    { name: 'JSON 2 KB', bytes: 2048, isQuick: true },
    { name: 'JSON 10 KB', bytes: TEN_KB },
    { name: 'JSON 50 KB', bytes: 51_200, isQuick: true },
    { name: 'JSON 500 KB', bytes: 512_000 },
  ].map((kind) => ({ ...kind, form: 'json', make: (seed) => payload(kind.bytes, seed) })),
  { name: 'Date and Map, 2 KB', bytes: 2048, form: 'structured', make: datesAndMap },
  { name: 'Buffer of samples, 10 KB', bytes: TEN_KB, form: 'bytes', make: samples },
  { name: 'random text, 10 KB', bytes: TEN_KB, form: 'text', make: randomText },
];

export function instancesOf({ bytes, make }) {
  return Array.from({ length: Math.max(LEAST_VALUES, Math.round(POOL_BYTES / bytes)) }, (_, seed) => make(seed));
}

/** Orders by their number, with dates that are dates: nothing that JSON brings back. */
function datesAndMap(seed) {
  const { user, orders } = payload(2048, seed);
  return { user, orders: new Map(orders.map((order) => [order.id, { ...order, at: new Date(order.at) }])) };
}

/** 16-bit samples of two tones in steps of a coarse sensor: bytes that shrink, though not as text does. */
function samples(seed) {
  const random = randomFrom(seed);
  const buffer = Buffer.alloc(TEN_KB);
  const [low, high] = [0.01 + random() / 50, 0.05 + random() / 10];
  for (let i = 0; i < TEN_KB / 2; i++) {
    const level = 6000 * Math.sin(i * low) + 1500 * Math.sin(i * high);
    buffer.writeInt16LE(SENSOR_STEP * Math.round(level / SENSOR_STEP), 2 * i);
  }
  return buffer;
}

/** One-byte characters from `!` on, each as likely as the next: nothing that shrinks by a tenth. */
function randomText(seed) {
  const random = randomFrom(seed);
  return Buffer.from(Array.from({ length: TEN_KB }, () => 33 + Math.floor(random() * 223))).latin1Slice();
}
