import { serialize } from 'node:v8';
import { gzipSync } from 'node:zlib';

/** Makes a payload of about `size` bytes, the same for the same seed. */
export type PayloadKind = (size: number, seed: number) => Buffer;

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const noise: PayloadKind = (size, seed) => {
  const random = randomFrom(seed);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at < bytes.byteLength; at++) bytes[at] = random() * 256;
  return bytes;
};

const json: PayloadKind = (size, seed) => {
  const random = randomFrom(seed);
  const list: object[] = [];
  for (let length = 2; length < size; length += 50) {
    list.push({ id: Math.floor(random() * 1e9), name: `item ${list.length}`, active: random() < 0.5 });
  }
  return Buffer.from(JSON.stringify(list));
};

const floats: PayloadKind = (size, seed) => {
  const random = randomFrom(seed);
  let value = 100;
  return Buffer.from(new Float64Array(Math.ceil(size / 8)).map(() => (value += random() - 0.5)).buffer);
};

/** What caches hold, from what shrinks most to what does not shrink. */
export const payloadKinds: Readonly<Record<string, PayloadKind>> = {
  zeros: (size) => Buffer.alloc(size),
  json,
  'structured copy': (size, seed) => serialize(new Map([[seed, JSON.parse(json(size, seed).toString()) as object[]]])),
  'random numbers as text': (size, seed) => Buffer.from(noise(size / 3, seed).join(',')),
  base64: (size, seed) => Buffer.from(noise((size * 3) / 4, seed).toString('base64')),
  floats,
  sound: (size, seed) => {
    const random = randomFrom(seed);
    return Buffer.from(new Int16Array(size / 2).map((_, i) => Math.sin(i / 20) * 20_000 + random() * 500).buffer);
  },
  'noise, a fifth of it JSON': (size, seed) =>
    Buffer.concat([noise(size * 0.4, seed), json(size * 0.2, seed), noise(size * 0.4, seed + 1)]),
  'noise that comes again': (size, seed) => Buffer.alloc(size, noise(100 + (seed % 5) * 150, seed)),
  archive: (size, seed) => gzipSync(json(size * 6, seed)).subarray(0, size),
  noise,
};
