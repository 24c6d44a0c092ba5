import zlib from 'node:zlib';

/** The compressors of the library, which it does not export: this reads them from its build. */
const BUILT = new URL('../../libs/enhanced-cache/dist/engine/codec/', import.meta.url);
const [{ NativeCompressor }, { FflateCompressor }, { zstdCompressor }] = await Promise.all(
  ['native-compressor.js', 'fflate-compressor.js', 'zstd-compressor.js'].map((file) => import(new URL(file, BUILT))),
);
const EFFORTS = { FAST: 1, DEFAULT: 6, MAX: 9 };
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT, BROTLI_PARAM_LGWIN } = zlib.constants;
const zstd = zstdCompressor();

/** @type {{ name: string, compress: (bytes: Buffer) => Uint8Array, decompress: (bytes: Buffer, length: number) => Buffer }[]} */
export const compressors = [
  ...ofLibrary('deflate', new NativeCompressor()),
  ...(zstd === undefined ? [] : ofLibrary('zstd', zstd)),
  ...ofLibrary('fflate', new FflateCompressor()).slice(0, 2),
  ...[1, 2].map((quality) => ({
    name: `brotli ${quality}`,
    compress: (bytes) => zlib.brotliCompressSync(bytes, brotliOptions(quality, bytes.byteLength)),
    decompress: (bytes, length) =>
      zlib.brotliDecompressSync(bytes, { maxOutputLength: length, chunkSize: Math.max(length + 1, 64) }),
  })),
];

function ofLibrary(name, compressor) {
  return Object.entries(EFFORTS).map(([effort, level]) => ({
    name: `${name} ${effort}`,
    compress: (bytes) => compressor.compress(bytes, level),
    decompress: (bytes, length) => compressor.decompress(bytes, length),
  }));
}

/** A window that fits, as small inputs are not to pay for a large one. */
function brotliOptions(quality, sizeBytes) {
  const windowBits = Math.min(Math.max(32 - Math.clz32(sizeBytes), 10), 18);
  return {
    chunkSize: Math.min(Math.max(sizeBytes >> 1, 64), 16_384),
    params: {
      [BROTLI_PARAM_QUALITY]: quality,
      [BROTLI_PARAM_LGWIN]: windowBits,
      [BROTLI_PARAM_SIZE_HINT]: sizeBytes,
    },
  };
}
