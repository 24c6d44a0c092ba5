import { payload } from '../support/payloads.mjs';
import { randomFrom } from '../support/random.mjs';

/**
 * What caches hold in practice, and what is known to be miscounted. Every value, key and tag is made anew for its entry, so
 * that nobody but the cache holds it once the benchmark has let go.
 *
 * A mix is `{ name, entries, value(i), key?(i), tags?(i), types?, levels?, primitive?, blind? }`. `levels` names the compression
 * levels that make a difference to it, besides the default one; `primitive` says that its values are stored alike in every mode;
 * `blind` names the modes in which the model cannot see the truth, and why.
 */
const CITIES = ['Aarhus', 'Bergen', 'Coimbra', 'Delft', 'Espoo', 'Faro', 'Ghent', 'Haarlem'];
const LARGE_TEXT_CHARACTERS = 4096;
const LARGE_BUFFER_BYTES = 16_384;

class Account {
  constructor(i) {
    this.id = i;
    this.owner = `account owner number ${i}`;
    this.city = CITIES[i % CITIES.length];
    this.balance = i + 0.25;
  }
}

/** Text in one piece, as it comes from a socket or a file. */
function flat(text) {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** Text that no other text is part of, from the printable characters. */
function noise(characters, seed) {
  const random = randomFrom(seed);
  const bytes = Buffer.allocUnsafeSlow(characters);
  for (let at = 0; at < characters; at++) bytes[at] = 97 + Math.floor(random() * 26);
  return bytes.toString('latin1');
}

/** A hundred characters out of the middle of a large text, as a parser cuts them out of a response. */
function cutOut(i) {
  return flat(`${i} ${'lorem ipsum '.repeat(LARGE_TEXT_CHARACTERS / 12)}`).slice(200, 300);
}

const LEVELS = ['NONE', 'FAST', 'MAX'];

export const MIXES = [
  {
    name: 'small objects',
    entries: 50_000,
    value: (i) => ({
      id: i,
      name: flat(`customer number ${i}`),
      city: CITIES[i % 8],
      score: i + 0.5,
      active: i % 2 === 0,
    }),
  },
  {
    name: 'nested objects',
    entries: 30_000,
    value: (i) => ({
      id: i,
      customer: {
        name: flat(`customer number ${i}`),
        address: { city: CITIES[i % 8], zip: 10_000 + i, lines: [i, i + 1] },
      },
      items: [0, 1, 2].map((n) => ({ sku: flat(`sku-${i}-${n}-long-enough`), quantity: n, price: i + n / 4 + 0.1 })),
    }),
  },
  {
    name: 'Date + Map',
    entries: 30_000,
    value: (i) => ({
      at: new Date(1.7e12 + i),
      until: new Date(1.8e12 + i),
      parts: new Map([0, 1, 2, 3, 4].map((n) => [flat(`part ${n} of number ${i}`), { n, at: i }])),
    }),
  },
  { name: 'sliced strings', primitive: true, entries: 50_000, value: cutOut },
  {
    name: 'objects of sliced strings',
    entries: 30_000,
    blind: { shared: 'the object is kept as it is, and nothing tells what its texts were cut out of' },
    value: (i) => ({ id: i, title: cutOut(i), lead: cutOut(i + 1) }),
  },
  {
    name: 'views of large buffers',
    entries: 40_000,
    value: (i) => new Uint8Array(new ArrayBuffer(LARGE_BUFFER_BYTES), 64, 100).fill(i),
  },
  { name: 'pool buffers', entries: 50_000, value: (i) => Buffer.from(flat(`bytes of entry ${i} `.repeat(6))) },
  { name: '2 KB JSON', entries: 10_000, levels: LEVELS, value: (i) => payload(2048, i) },
  { name: '2 KB text', primitive: true, entries: 15_000, levels: ['NONE'], value: (i) => noise(2048, i) },
  {
    name: 'many tags',
    primitive: true,
    entries: 20_000,
    value: (i) => i,
    tags: (i) => [
      `tenant:${i % 10}`,
      `user:${i % 1000}`,
      `page:${i >> 3}`,
      ...[0, 1, 2, 3, 4].map((n) => flat(`entity-of-kind-${n}:${i}`)),
    ],
  },
  { name: 'long keys', primitive: true, entries: 40_000, key: (i) => noise(500, i), value: (i) => i },
  {
    name: 'two-byte strings',
    primitive: true,
    entries: 40_000,
    value: (i) => `\u0437\u0430\u043f\u0438\u0441\u044c ${i} \u2603 `.repeat(12),
  },
  { name: 'numbers', primitive: true, entries: 80_000, value: (i) => i + 0.25 },
  {
    name: 'large arrays of doubles',
    entries: 2_000,
    levels: ['NONE'],
    value: (i) => Array.from({ length: 1000 }, (_, n) => Math.sqrt(i + n)),
  },
  { name: 'class instances', entries: 50_000, types: [Account], value: (i) => new Account(i) },
];

/** What is left of an entry where the value sits in the pointer to it and all keys are of one length. */
export const BARE = { name: 'bare entries', key: (i) => `entry:${String(i).padStart(9, '0')}`, value: (i) => i };
/** Header and 15 characters, padded. */
export const BARE_KEY_BYTES = 32;
