import v8 from 'node:v8';
import zlib from 'node:zlib';

/** The codecs of the library, which it does not export: this reads them from its build. */
const BUILT = new URL('../../libs/enhanced-cache/dist/engine/', import.meta.url);

/**
 * What turns values into what is stored and back. `for(form)` gives the pair for values of that form (`kinds.mjs`), or
 * `undefined` where it could not bring them back.
 *
 * @typedef {{ encode: (value: unknown) => unknown, decode: (stored: unknown) => unknown, sizeOf?: (stored: unknown) => number }} Codec
 * @type {{ name: string, isEnhanced?: boolean, for: (form: string) => Codec | undefined | Promise<Codec | undefined> }[]}
 */
export const codecs = [
  ...['NONE', 'FAST', 'DEFAULT', 'MAX'].map((level) => ({
    name: `enhanced-cache copy ${level}`,
    for: () => enhanced({ isolation: 'copy' }, level),
  })),
  { name: 'enhanced-cache frozen', for: () => enhanced({ isolation: 'frozen' }) },
  { name: 'enhanced-cache shared', for: () => enhanced({ isolation: 'shared' }) },
  {
    name: 'JSON',
    for: (form) => (form === 'json' ? { encode: JSON.stringify, decode: JSON.parse, sizeOf } : undefined),
  },
  { name: 'v8.serialize', for: () => ({ encode: v8.serialize, decode: v8.deserialize, sizeOf }) },
  {
    name: 'structuredClone',
    // A Buffer comes back as a Uint8Array.
    for: (form) => (form === 'bytes' ? undefined : { encode: structuredClone, decode: structuredClone }),
  },
  { name: 'msgpackr, shared structures', for: messagePack },
  compressing('zlib deflateRaw L1', (bytes) => zlib.deflateRawSync(bytes, { level: 1 }), zlib.inflateRawSync),
  compressing('zlib deflateRaw L6', (bytes) => zlib.deflateRawSync(bytes, { level: 6 }), zlib.inflateRawSync),
  {
    name: 'fflate deflate L6',
    async for(form) {
      const { deflateSync, inflateSync } = await import('fflate');
      return behind(
        form,
        (bytes) => deflateSync(bytes, { level: 6 }),
        (bytes) => asBuffer(inflateSync(bytes)),
      );
    },
  },
  ...(zlib.zstdCompressSync ? [compressing('zstd L3', zlib.zstdCompressSync, zlib.zstdDecompressSync)] : []),
];

async function enhanced(options, level) {
  const [{ createValueCodec }, { resolveOptions }, { CompressionLevel }] = await Promise.all(
    ['codec/create-codec.js', 'options/resolve-options.js', 'options/enums.js'].map(
      (file) => import(new URL(file, BUILT)),
    ),
  );
  const codec = createValueCodec(
    resolveOptions(level === undefined ? options : { ...options, compressionLevel: CompressionLevel[level] }),
  );
  return {
    encode: (value) => codec.encode(value),
    decode: ({ kind, data }) => codec.decode(kind, data),
    sizeOf: ({ storedBytes }) => storedBytes,
  };
}

/** `moreTypes` brings Map and Date back; the structures are learned from the values and kept by the packer. */
async function messagePack(form) {
  const { Packr } = await import('msgpackr');
  const packer = new Packr({
    structures: [],
    moreTypes: form === 'structured',
    mapsAsObjects: false,
    copyBuffers: true,
  });
  // What it packs into is used again for the next value.
  return { encode: (value) => Buffer.from(packer.pack(value)), decode: (bytes) => packer.unpack(bytes), sizeOf };
}

function compressing(name, compress, decompress) {
  return { name, for: (form) => behind(form, compress, decompress) };
}

/** The compressor behind the serializer that fits the form, as one would put them together without a cache. */
function behind(form, compress, decompress) {
  const { toBytes, fromBytes } = SERIALIZERS[form];
  return {
    // A result of node:zlib keeps 16 KB alive, whatever its length: what is stored is a copy.
    encode: (value) => Buffer.from(compress(toBytes(value))),
    decode: (bytes) => fromBytes(decompress(bytes)),
    sizeOf,
  };
}

const SERIALIZERS = {
  json: { toBytes: (value) => Buffer.from(JSON.stringify(value)), fromBytes: (bytes) => JSON.parse(bytes.toString()) },
  structured: { toBytes: v8.serialize, fromBytes: v8.deserialize },
  bytes: { toBytes: (value) => value, fromBytes: (bytes) => Buffer.from(bytes) },
  text: { toBytes: (value) => Buffer.from(value, 'latin1'), fromBytes: (bytes) => bytes.latin1Slice() },
};

function sizeOf(stored) {
  return stored.length;
}

function asBuffer({ buffer, byteOffset, byteLength }) {
  return Buffer.from(buffer, byteOffset, byteLength);
}
