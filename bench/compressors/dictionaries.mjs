import zlib from 'node:zlib';

const BUILT = new URL('../../libs/enhanced-cache/dist/engine/', import.meta.url);
const [
  { holdFrame, frameBytes, measureStored },
  { readFrame, Encoding },
  { entryWeight },
  { flattenString },
  { StoredKind },
] = await Promise.all(
  ['codec/held-bytes.js', 'codec/frame.js', 'entry/entry-weight.js', 'sizing/flatten.js', 'codec/value-codec.js'].map(
    (file) => import(new URL(file, BUILT)),
  ),
);

export const SMALL_SIZES = [120, 250, 500, 900];
export const DICTIONARY_BYTES = [1024, 4096];
/** Values that a dictionary is made of, and values that are measured: never the same. */
const LEARNED = 64;
const MEASURED = 256;
const RAW_DEFLATE = 1;
/** The key of an entry; what it weighs counts in `entryBytes`. */
const KEY = 'user:profile:1234567';

/**
 * The forms in which small JSON values of one family could be stored: as text (what the library does), deflated, and
 * deflated with a dictionary of texts of that family. A frame would have to name its dictionary: that byte is left out.
 *
 * @param valueOf gives a value for a seed.
 */
export function smallValueForms(valueOf) {
  const values = Array.from({ length: LEARNED + MEASURED }, (_, seed) => valueOf(seed + 1));
  const learned = values.splice(0, LEARNED).map((value) => JSON.stringify(value));
  const texts = values.map((value) => JSON.stringify(value));
  const forms = [
    {
      name: 'JSON text',
      store: (value) => flattenString(JSON.stringify(value)),
      load: JSON.parse,
      kind: StoredKind.JSON,
    },
    deflated('deflate', undefined),
    ...DICTIONARY_BYTES.map((bytes) => deflated(`deflate, dictionary of ${bytes}`, dictionaryOf(learned, bytes))),
  ];
  return {
    valueBytes: texts.reduce((sum, { length }) => sum + length, 0) / texts.length,
    forms: forms.map(({ name, store, load, kind }) => {
      const stored = values.map(store);
      stored.forEach((each, i) => {
        if (JSON.stringify(load(each)) !== texts[i]) throw new Error(`${name} does not bring back value ${i}`);
      });
      const weights = stored.map((each) => entryWeight(KEY, measureStored(kind, each), 0, undefined));
      return {
        name,
        entryBytes: weights.reduce((sum, weight) => sum + weight, 0) / weights.length,
        write: (i) => store(values[i]),
        read: (i) => load(stored[i]),
      };
    }),
  };
}

function deflated(name, dictionary) {
  const options = { level: 6, windowBits: 13, memLevel: 5, chunkSize: 1024, ...(dictionary && { dictionary }) };
  const decompress = (bytes, length) =>
    zlib.inflateRawSync(bytes, {
      maxOutputLength: length,
      chunkSize: Math.max(length + 1, 64),
      ...(dictionary && { dictionary }),
    });
  const formats = { reader: () => ({ decompress }) };
  return {
    name,
    kind: StoredKind.FRAME,
    store: (value) => {
      const bytes = Buffer.from(JSON.stringify(value), 'latin1');
      const payload = { encoding: Encoding.JSON_LATIN1, viewType: 0, bytes };
      return holdFrame(payload, RAW_DEFLATE, zlib.deflateRawSync(bytes, options));
    },
    load: (frame) => JSON.parse(readFrame(frameBytes(frame), formats).bytes.latin1Slice()),
  };
}

/** Whole texts, as many as fit: DEFLATE finds the shape in each of them and the frequent values in some. */
function dictionaryOf(texts, bytes) {
  let dictionary = '';
  for (const text of texts) if (dictionary.length + text.length <= bytes) dictionary += text;
  return Buffer.from(dictionary || texts[0].slice(0, bytes), 'latin1');
}
