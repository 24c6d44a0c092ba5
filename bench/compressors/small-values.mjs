import { prose } from '../support/corpus.mjs';
import { payload } from '../support/payloads.mjs';
import { randomFrom } from '../support/random.mjs';

const FIRST = ['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Donald', 'Margaret', 'Ken', 'Dennis', 'Radia', 'Frances'];
const LAST = [
  'Lovelace',
  'Hopper',
  'Turing',
  'Liskov',
  'Dijkstra',
  'Knuth',
  'Hamilton',
  'Thompson',
  'Ritchie',
  'Perlman',
];
const CITIES = ['Berlin', 'Paris', 'Boston', 'Oslo', 'Nairobi', 'Lima'];
const LOCALES = ['en-US', 'de-DE', 'fr-FR'];

/**
 * Families of small values of one shape, from the most alike to the least: `valueOf(bytes, seed)` makes one of about so
 * many bytes of JSON.
 */
export const FAMILIES = [
  { name: 'order lists', valueOf: payload },
  { name: 'profiles', valueOf: profile },
  { name: 'articles', valueOf: article },
  { name: 'sessions', valueOf: session },
];

function profile(bytes, seed) {
  const random = randomFrom(seed);
  const [firstName, lastName] = [pick(random, FIRST), pick(random, LAST)];
  const value = {
    id: uuid(random),
    firstName,
    lastName,
    email: `${firstName}.${lastName}${Math.floor(random() * 999)}@example.com`.toLowerCase(),
    createdAt: new Date(1.6e12 + random() * 1e11).toISOString(),
    roles: random() < 0.2 ? ['admin', 'user'] : ['user'],
    locale: pick(random, LOCALES),
  };
  if (bytes < 250) return value;
  const address = { street: `${Math.floor(random() * 200)} ${pick(random, LAST)} Street`, city: pick(random, CITIES) };
  return bytes < 400 ? { ...value, address } : { ...value, address, biography: prose(random, bytes - 320) };
}

function article(bytes, seed) {
  const random = randomFrom(seed);
  return { id: Math.floor(random() * 1e6), title: prose(random, 20), text: prose(random, Math.max(bytes - 80, 20)) };
}

function session(bytes, seed) {
  const random = randomFrom(seed);
  const token = hexadecimal(random, Math.max(bytes - 120, 16));
  return { sid: uuid(random), uid: Math.floor(random() * 1e9), token, exp: Math.floor(1.7e9 + random() * 1e7) };
}

function uuid(random) {
  return [8, 4, 4, 4, 12].map((digits) => hexadecimal(random, digits)).join('-');
}

function hexadecimal(random, digits) {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}

function pick(random, from) {
  return from[Math.floor(random() * from.length)];
}
