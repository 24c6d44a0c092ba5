/**
 * What it costs to turn values into what is stored and back, and how large that is: the codecs of this package beside
 * serializers and compressors alone, in the same interleaved run. How to read it: bench/README.md.
 *
 *     npm run bench:codec [-- --json] [-- --quick] [-- --kinds '2 KB|Buffer'] [-- --codecs copy]
 */
import { codecs } from './codec/codecs.mjs';
import { KINDS } from './codec/kinds.mjs';
import { Arena } from './support/arena.mjs';
import { commandLine, pattern } from './support/options.mjs';
import { grouped, table } from './support/table.mjs';

const CONTESTANT = new URL('./codec/contestant.mjs', import.meta.url);
const TIMING = { rounds: 11, roundMs: 30, warmMs: 150 };
const QUICK_TIMING = { rounds: 7, roundMs: 12, warmMs: 50 };
/** What the others of a kind are compared with: the first of these that brings it back. */
const REFERENCES = ['JSON', 'v8.serialize'];

const options = commandLine('bench:codec', {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  kinds: { type: 'string', judge: pattern },
  codecs: { type: 'string', judge: pattern },
});
const kinds = KINDS.filter(({ name, isQuick }) =>
  options.kinds ? options.kinds.test(name) : isQuick || !options.quick,
);
const rows = [];
let clock;
for (const kind of kinds) rows.push(...(await measure(kind)));
const report = { node: process.version, clock, rows };
if (options.json) console.log(JSON.stringify(report));
else print(report);

async function measure({ name: kind, bytes }) {
  const names = codecs
    .map(({ name }) => name)
    .filter((name) => REFERENCES.includes(name) || (options.codecs?.test(name) ?? true));
  if (process.stderr.isTTY) process.stderr.write(`${kind}: ${names.length} processes\n`);
  const arena = await Arena.open({ module: CONTESTANT, candidates: names, setting: { kind } });
  try {
    ({ clock } = arena);
    const timing = options.quick ? QUICK_TIMING : TIMING;
    const encoding = await arena.time('encode', timing);
    const decoding = await arena.time('decode', timing);
    const reference = REFERENCES.find((name) => encoding.has(name));
    return [...encoding].map(([codec, encodeNs]) => ({
      kind,
      payload: bytes,
      codec,
      encodeUs: encodeNs / 1000,
      decodeUs: decoding.get(codec) / 1000,
      ratio: arena.facts.get(codec).ratio,
      reference,
      encodeToReference: encodeNs / encoding.get(reference),
      decodeToReference: decoding.get(codec) / decoding.get(reference),
    }));
  } finally {
    await arena.close();
  }
}

function print({ node, clock: measuredBy, rows: all }) {
  console.log(`Node ${node}; ${measuredBy}, medians of interleaved rounds`);
  for (const { name } of kinds) {
    const group = all.filter(({ kind }) => kind === name);
    const [{ reference }] = group;
    console.log(`\n${name}`);
    console.log(
      table(
        ['codec', 'encode µs', `/ ${reference}`, 'decode µs', `/ ${reference}`, 'stored / original'],
        group.map((row) => [
          row.codec,
          figure(row.encodeUs),
          row.encodeToReference.toFixed(2),
          figure(row.decodeUs),
          row.decodeToReference.toFixed(2),
          row.ratio?.toFixed(2) ?? '',
        ]),
      ),
    );
  }
}

/** Three digits or more, but no more than two after the point. */
function figure(number) {
  return number < 10 ? number.toFixed(2) : number < 100 ? number.toFixed(1) : grouped(number);
}
