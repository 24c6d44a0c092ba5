import { addAbortSignal, type Transform } from 'node:stream';

/** A stream of node:zlib hands work to another thread for each chunk of its result: few chunks, few ways there and back. */
const CHUNKS = 4;
const MIN_CHUNK_BYTES = 16 * 1024;
/** Between two chunks it can be stopped, and no more memory than this lies unused at the end. */
const MAX_CHUNK_BYTES = 256 * 1024;

/** The chunk size for a stream that compresses `sizeBytes` bytes. */
export function chunkBytesFor(sizeBytes: number): number {
  return Math.min(Math.max(sizeBytes / CHUNKS, MIN_CHUNK_BYTES), MAX_CHUNK_BYTES) | 0;
}

/** What `stream` makes of `bytes`. Rejects with the stream's error, or with that of `signal` once it is aborted. */
export function throughStream(stream: Transform, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    stream.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    stream.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    stream.once('error', reject);
    addAbortSignal(signal, stream).end(bytes);
  });
}
