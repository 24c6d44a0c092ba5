/**
 * What V8 takes for the parts of a value, beside what the package takes it to be: the constants of `sizing/heap-layout.ts` and
 * `sizing/string-size.ts`, measured again on the Node.js that runs this. How to read it: bench/README.md.
 *
 *     npm run bench:heap-layout [-- --json]
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as layout from '../libs/enhanced-cache/dist/engine/sizing/heap-layout.js';
import { stringHeapBytes } from '../libs/enhanced-cache/dist/engine/sizing/string-size.js';
import { commandLine } from './support/options.mjs';
import { median } from './support/rounds.mjs';
import { table } from './support/table.mjs';

const INSTANCES = 20_000;
const ROUNDS = 5;
/** What a measured figure may differ by before it is marked, as a share. */
const TOLERANCE = 0.1;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const flat = (text, encoding = 'latin1') => Buffer.from(text, encoding).toString(encoding);
const built = (fields, i) => {
  const object = {};
  for (let field = 0; field < fields; field++) object[`field${field}`] = i;
  return object;
};
const parsed = (fields, i) => JSON.parse(JSON.stringify(built(fields, i)));

/** `[part, make(i), expected bytes]` */
const PARTS = [
  ['object, no fields', () => ({}), layout.literalBytes(0)],
  ['object, 4 fields', (i) => ({ a: i, b: i, c: i, d: i }), layout.literalBytes(4)],
  ['object of parsed JSON, 8 fields', (i) => parsed(8, i), layout.literalBytes(8)],
  ['object made field by field, 4', (i) => built(4, i), layout.builtBytes(4)],
  ['object made field by field, 10', (i) => built(10, i), layout.builtBytes(10)],
  ['number with a fraction, in a field', (i) => ({ a: i + 0.5 }), layout.literalBytes(1) + layout.HEAP_NUMBER_BYTES],
  ['array, empty', () => [], layout.ARRAY_BYTES],
  ['array, 100 integers', (i) => new Array(100).fill(i), arrayBytes(100)],
  ['array, 100 fractions', (i) => new Array(100).fill(i + 0.5), arrayBytes(100)],
  [
    'array, 100 fractions, frozen',
    (i) => Object.freeze(Array.from({ length: 100 }, (_, n) => i + n + 0.5)),
    arrayBytes(100) + 100 * layout.HEAP_NUMBER_BYTES,
  ],
  ['Date', (i) => new Date(1.7e12 + i), layout.DATE_BYTES],
  ['RegExp, each another', (i) => new RegExp(`x${i}`), layout.REGEXP_BYTES + stringHeapBytes('x12345')],
  ['boxed boolean', () => Object(true), layout.BOXED_BYTES],
  ['BigInt of 100 bits', (i) => 2n ** 100n + BigInt(i), layout.bigintBytes(2n ** 100n)],
  ...[1, 5, 50].flatMap((size) => [
    [`Map, ${size} integers`, (i) => new Map(numbered(size, i).map((n) => [n, n])), layout.collectionBytes(size, 3)],
    [`Set, ${size} integers`, (i) => new Set(numbered(size, i)), layout.collectionBytes(size, 2)],
  ]),
  ['text, 20 characters', (i) => flat(`${i}`.padStart(20, '-')), stringHeapBytes('x'.repeat(20))],
  ['text, 200 characters', (i) => flat(`${i}`.padStart(200, '-')), stringHeapBytes('x'.repeat(200))],
  [
    'text, 20 characters of two bytes',
    (i) => flat(`${i}`.padStart(20, '\u2603'), 'utf16le'),
    stringHeapBytes('\u2603'.repeat(20)),
  ],
  ['ArrayBuffer of 1000 bytes', () => new ArrayBuffer(1000), layout.ARRAY_BUFFER_BYTES + 1000],
  [
    'Buffer of its own, 1000 bytes',
    () => Buffer.allocUnsafeSlow(1000),
    layout.VIEW_BYTES + layout.ARRAY_BUFFER_BYTES + 1000,
  ],
];

const { json } = commandLine('bench:heap-layout', { json: { type: 'boolean', default: false } });
const rows = PARTS.map(([part, make, expectedBytes]) => {
  const measuredBytes = bytesEach(make);
  return { part, measuredBytes, expectedBytes, ratio: measuredBytes / expectedBytes };
});
const report = { node: process.version, v8: process.versions.v8, rows };
if (json) console.log(JSON.stringify(report));
else print(report);

function arrayBytes(elements) {
  return layout.ARRAY_BYTES + layout.ELEMENTS_HEADER_BYTES + elements * layout.POINTER_BYTES;
}

function numbered(size, from) {
  return Array.from({ length: size }, (_, n) => from + n);
}

/** Growth of the heap and of ArrayBuffers by an instance, without the pointer that holds it; the median of some rounds. */
function bytesEach(make) {
  // Reachable from outside, or the compiler sees that nobody looks at them.
  const kept = (globalThis.kept = new Array(INSTANCES).fill(undefined));
  for (let i = 0; i < 1000; i++) kept[i] = make(i);
  const rounds = Array.from({ length: ROUNDS }, () => {
    kept.fill(undefined);
    const before = heldBytes();
    for (let i = 0; i < INSTANCES; i++) kept[i] = make(i);
    return (heldBytes() - before) / INSTANCES;
  });
  return median(rounds);
}

function heldBytes() {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function print({ node, v8 }) {
  console.log(`Node ${node}, V8 ${v8}, bytes for each; (!) is off by more than ${TOLERANCE * 100} %\n`);
  console.log(
    table(
      ['part', 'measured', 'taken to be', 'measured / taken'],
      rows.map(({ part, measuredBytes, expectedBytes, ratio }) => [
        part,
        measuredBytes.toFixed(1),
        expectedBytes,
        `${ratio.toFixed(2)}${Math.abs(ratio - 1) > TOLERANCE ? ' (!)' : ''}`,
      ]),
    ),
  );
}
