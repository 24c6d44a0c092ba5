import { serialize } from 'node:v8';
import { payload } from './payloads.mjs';
import { randomFrom } from './random.mjs';

/** The most frequent English words, most frequent first: drawn by Zipf's law they make text of a natural entropy. */
const WORDS = (
  'the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which ' +
  'one you were all her she there would their we him been has when who will no more if out so said what up its about ' +
  'into than them can only other time new some could these two may first then do any like my now over such our man me ' +
  'even most made after also did many before must through back years where much your way well down should because ' +
  'each just those people how too little state good very make world still own see men work long get here between both ' +
  'life being under never day same another know while last might us great old year off come since against go came ' +
  'right used take three system house early number public order market service company report development'
).split(' ');

/** Families of payloads as caches hold them, from the most to the least compressible; `bytesOf(size, seed)` makes one. */
export const CORPUS = [
  { name: 'order list, JSON', bytesOf: (size, seed) => json(payload(size, seed)) },
  { name: 'structured copy', bytesOf: (size, seed) => serialize(new Map(Object.entries(payload(size, seed)))) },
  { name: 'page, HTML', bytesOf: html },
  { name: 'article, JSON', bytesOf: article },
  { name: 'telemetry, JSON', bytesOf: telemetry },
  { name: 'tokens, JSON', bytesOf: tokens },
  { name: 'random bytes', bytesOf: randomBytes },
];

function json(value) {
  return Buffer.from(JSON.stringify(value), 'latin1');
}

/** Words by Zipf's law, in sentences: at least `length` characters, and not many more. */
export function prose(random, length) {
  let text = '';
  while (text.length < length) {
    let sentence = '';
    for (let words = 5 + Math.floor(random() * 15); words > 0; words--) sentence += ` ${word(random)}`;
    text += `${sentence[1].toUpperCase()}${sentence.slice(2)}. `;
  }
  return text.trimEnd();
}

function word(random) {
  return WORDS[Math.floor(WORDS.length ** random()) - 1];
}

function article(size, seed) {
  const random = randomFrom(seed);
  return json({ id: seed, title: prose(random, 30), body: prose(random, Math.max(size - 60, 10)) });
}

function html(size, seed) {
  const random = randomFrom(seed);
  let page = `<!doctype html><html><head><title>${prose(random, 20)}</title></head><body><ul>`;
  while (page.length < size) {
    const id = Math.floor(random() * 1e5);
    page += `<li class="card"><a href="/products/${id}">${prose(random, 20)}</a><span class="price">${id / 100}</span></li>`;
  }
  return Buffer.from(`${page}</ul></body></html>`, 'latin1');
}

/** Readings of sensors: numbers that share little but their digits. */
function telemetry(size, seed) {
  const random = randomFrom(seed);
  const points = [];
  for (let length = 20; length < size; length += 26) {
    points.push([1.7e12 + Math.floor(random() * 1e9), Math.round((random() - 0.5) * 1e8) / 1e6]);
  }
  return json({ sensor: seed, points });
}

/** Hashes and signatures: text by its looks, six bits a character by its content. */
function tokens(size, seed) {
  const list = [];
  for (let length = 0, i = 0; length < size; length += 47, i++) {
    list.push(randomBytes(32, seed * 1000 + i).toString('base64url'));
  }
  return json(list);
}

function randomBytes(size, seed) {
  const random = randomFrom(seed);
  return Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
}
