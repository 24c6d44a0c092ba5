/**
 * What compressing costs and brings, by compressor, effort, size and kind of payload; and what a preset dictionary would
 * add for small JSON values. The choices in `engine/codec/` and docs/adr/0008-dictionaries.md rest on it. How to read it:
 * bench/README.md.
 *
 *     npm run bench:compressors [-- --json] [-- --quick] [-- --sizes 2048,51200] [-- --only dictionaries]
 */
import { compressors } from './compressors/compressors.mjs';
import { DICTIONARY_BYTES, smallValueForms, SMALL_SIZES } from './compressors/dictionaries.mjs';
import { FAMILIES } from './compressors/small-values.mjs';
import { CORPUS } from './support/corpus.mjs';
import { cpuClock } from './support/cpu-clock.mjs';
import { commandLine, integers, words } from './support/options.mjs';
import { operationsPerSecond } from './support/rounds.mjs';
import { table } from './support/table.mjs';

const INSTANCES = 32;
const options = commandLine('bench:compressors', {
  json: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
  sizes: { type: 'string', judge: integers(64, 2 ** 22) },
  only: { type: 'string', judge: words(['compressors', 'dictionaries']) },
});
const sizes = options.sizes ?? (options.quick ? [2048, 16_384] : [1024, 2048, 4096, 8192, 16_384, 51_200, 204_800]);
const timing = options.quick ? { rounds: 5, roundMs: 12 } : { rounds: 9, roundMs: 20 };
const clock = cpuClock();
const includes = (part) => options.only?.includes(part) ?? true;

const report = { node: process.version, clock: clock.name, compressors: [], dictionaries: [] };
if (includes('compressors')) {
  for (const bytes of sizes) for (const kind of CORPUS) report.compressors.push(...(await compare(kind, bytes)));
}
if (includes('dictionaries')) {
  for (const family of FAMILIES) {
    for (const bytes of SMALL_SIZES) report.dictionaries.push(...(await withDictionaries(family, bytes)));
  }
}
if (options.json) console.log(JSON.stringify(report));
else print(report);

async function compare({ name: kind, bytesOf }, bytes) {
  const payloads = Array.from({ length: INSTANCES }, (_, seed) => bytesOf(bytes, seed + 1));
  const total = payloads.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const contestants = compressors.map(({ name, compress, decompress }) => {
    const compressed = payloads.map((payload) => Buffer.from(compress(payload)));
    compressed.forEach((each, i) => {
      if (Buffer.compare(decompress(each, payloads[i].byteLength), payloads[i]) !== 0) throw new Error(`${name} fails`);
    });
    return {
      name,
      ratio: compressed.reduce((sum, { byteLength }) => sum + byteLength, 0) / total,
      write: (i) => compress(payloads[i]),
      read: (i) => decompress(compressed[i], payloads[i].byteLength),
    };
  });
  const times = await microseconds(contestants);
  return contestants.map(({ name, ratio }) => ({ kind, bytes, compressor: name, ...times(name), ratio }));
}

async function withDictionaries({ name: family, valueOf }, bytes) {
  const { forms, valueBytes } = smallValueForms((seed) => valueOf(bytes, seed));
  const times = await microseconds(forms);
  return forms.map(({ name, entryBytes }) => ({
    family,
    bytes: valueBytes,
    form: name,
    entryBytes,
    entriesToPlain: forms[0].entryBytes / entryBytes,
    ...times(name),
  }));
}

/** Times `write(i)` and `read(i)` of all `contestants` in interleaved rounds. */
async function microseconds(contestants) {
  const loop = (operation) => (iterations) => {
    for (let i = 0; i < iterations; i++) operation(i % INSTANCES);
  };
  const rates = await operationsPerSecond(
    contestants.flatMap(({ name, write, read }) => [
      { name: `${name} write`, run: loop(write) },
      { name: `${name} read`, run: loop(read) },
    ]),
    { ...timing, now: () => clock.now() / 1e6 },
  );
  return (name) => ({ writeUs: 1e6 / rates.get(`${name} write`), readUs: 1e6 / rates.get(`${name} read`) });
}

function print({ node, clock: measuredBy, compressors: rows, dictionaries }) {
  console.log(`Node ${node}; ${measuredBy}, medians of interleaved rounds`);
  for (const [title, group] of groupBy(rows, ({ kind, bytes }) => `${kind}, ${bytes} bytes`)) {
    const lines = group.map((row) => [row.compressor, us(row.writeUs), us(row.readUs), row.ratio.toFixed(3)]);
    console.log(`\n${title}\n${table(['compressor', 'write µs', 'read µs', 'ratio'], lines)}`);
  }
  if (dictionaries.length === 0) return;
  console.log(`\nSmall values; dictionaries of ${DICTIONARY_BYTES.join(' and ')} bytes\n`);
  const lines = dictionaries.map((row) => [
    `${row.family}, ${row.bytes.toFixed(0)} bytes`,
    row.form,
    row.entryBytes.toFixed(0),
    row.entriesToPlain.toFixed(2),
    us(row.writeUs),
    us(row.readUs),
  ]);
  console.log(table(['values', 'form', 'bytes an entry', 'entries / plain', 'write µs', 'read µs'], lines));
}

/** `Map.groupBy`, which Node 20 has not. */
function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function us(number) {
  return number < 100 ? number.toFixed(1) : number.toFixed(0);
}
