import { crc32 } from 'node:zlib';
import { CodecError } from '../errors.js';
import { CompressionId, type CompressorSet } from './compressor.js';
import { VIEW_TYPE_COUNT } from './view-types.js';

/** What the payload of a frame is once it is decompressed. A number never changes its meaning. */
export const Encoding = {
  /** JSON text, one byte a character. */
  JSON_LATIN1: 1,
  /** JSON text in UTF-8. */
  JSON_UTF8: 2,
  /** A string, one byte a character. */
  TEXT_LATIN1: 3,
  /** A string in UTF-8. */
  TEXT_UTF8: 4,
  /** One structured copy. */
  STRUCTURED: 5,
  /** A structured copy of a value together with the class instances in it. */
  GRAPH: 6,
  /** The bytes of an ArrayBuffer or of one view; the frame's view type says which. */
  BYTES: 7,
  /** JSON text of a portable tree, in UTF-8: for errors, of which V8 loses fields and, in cycles, everything. */
  TREE: 8,
} as const;
export type Encoding = (typeof Encoding)[keyof typeof Encoding];

/** A payload before it is framed or after it proved itself. */
export interface Payload {
  readonly encoding: Encoding;
  /** Set for {@link Encoding.BYTES}, 0 otherwise. */
  readonly viewType: number;
  readonly bytes: Uint8Array;
}

/** The largest payload before compression, in bytes: 1 GiB. */
export const MAX_PAYLOAD_BYTES = 2 ** 30;

/**
 * version u8 · encoding u8 · compression u8 · view type u8 · original length u32 · payload length u32 · crc32 u32, then
 * the payload; numbers are little-endian. The checksum covers everything before it and the payload.
 */
const VERSION = 1;
export const FRAME_HEADER_BYTES = 16;
/** Where a frame says how its payload is compressed. */
export const COMPRESSION_OFFSET = 2;
const CHECKSUM_OFFSET = 12;
const KNOWN_ENCODINGS: ReadonlySet<number> = new Set(Object.values(Encoding));

/**
 * Frames `payload`, whose bytes are given as stored: `stored` is the compressed form where `compression` says so.
 *
 * The result has a backing store of its own and of exact size: what node:zlib and the Buffer pool return would pin
 * 8 to 16 KB for each entry.
 */
export function writeFrame(payload: Payload, compression: CompressionId, stored: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafeSlow(FRAME_HEADER_BYTES + stored.byteLength);
  composeFrame(frame, payload, compression, stored);
  return frame;
}

/** {@link writeFrame} into `frame`, which has exactly the room that header and payload take. */
export function composeFrame(frame: Buffer, payload: Payload, compression: CompressionId, stored: Uint8Array): void {
  frame[0] = VERSION;
  frame[1] = payload.encoding;
  frame[COMPRESSION_OFFSET] = compression;
  frame[3] = payload.viewType;
  frame.writeUInt32LE(payload.bytes.byteLength, 4);
  frame.writeUInt32LE(stored.byteLength, 8);
  frame.set(stored, FRAME_HEADER_BYTES);
  frame.writeUInt32LE(checksum(frame), CHECKSUM_OFFSET);
}

/**
 * The payload of `frame`, proven: any changed bit, missing or added byte is refused. The bytes may be a part of `frame`.
 *
 * Cost: one pass for the checksum, plus decompression, which never gives more than the recorded length.
 *
 * @throws {CodecError} saying what does not fit.
 */
export function readFrame(frame: Uint8Array, compressors: CompressorSet): Payload {
  const header = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  judgeHeader(header);
  if (header.readUInt32LE(CHECKSUM_OFFSET) !== checksum(header)) throw new CodecError('frame: wrong checksum');
  const encoding = header[1] as Encoding;
  const stored = header.subarray(FRAME_HEADER_BYTES);
  const bytes = decompressed(stored, header[COMPRESSION_OFFSET], header.readUInt32LE(4), compressors);
  return { encoding, viewType: header[3], bytes };
}

/**
 * Where the payload of a frame begins and ends that a checksum around it has proven, and that is not compressed: all but its own
 * checksum is looked at, and nothing is made.
 *
 * @throws {CodecError} saying what does not fit.
 */
export function plainPayloadIn(frame: Buffer): { readonly start: number; readonly end: number } {
  judgeHeader(frame);
  if (frame[COMPRESSION_OFFSET] !== CompressionId.NONE) throw new CodecError('frame: it is compressed');
  const end = frame.byteLength;
  if (end - FRAME_HEADER_BYTES !== frame.readUInt32LE(4))
    throw wrongLength(frame.readUInt32LE(4), end - FRAME_HEADER_BYTES);
  return { start: FRAME_HEADER_BYTES, end };
}

/** All that a header says, its checksum apart. */
function judgeHeader(header: Buffer): void {
  if (header.byteLength < FRAME_HEADER_BYTES) throw new CodecError(`frame: ${header.byteLength} bytes hold no header`);
  if (header[0] !== VERSION) throw new CodecError(`frame: version ${header[0]} is not known`);
  const encoding = header[1];
  const viewType = header[3];
  const originalLength = header.readUInt32LE(4);
  const storedLength = header.readUInt32LE(8);
  if (storedLength !== header.byteLength - FRAME_HEADER_BYTES) {
    throw new CodecError(
      `frame: payload of ${storedLength} bytes recorded, ${header.byteLength - FRAME_HEADER_BYTES} present`,
    );
  }
  if (!isEncoding(encoding)) throw new CodecError(`frame: encoding ${encoding} is not known`);
  if (encoding === Encoding.BYTES ? viewType === 0 || viewType >= VIEW_TYPE_COUNT : viewType !== 0) {
    throw new CodecError(`frame: view type ${viewType} does not go with encoding ${encoding}`);
  }
  if (originalLength > MAX_PAYLOAD_BYTES) throw new CodecError(`frame: ${originalLength} bytes are too many`);
}

function decompressed(
  stored: Buffer,
  compression: number,
  originalLength: number,
  compressors: CompressorSet,
): Uint8Array {
  if (compression === CompressionId.NONE) {
    if (stored.byteLength === originalLength) return stored;
    throw wrongLength(originalLength, stored.byteLength);
  }
  const compressor = compressors.reader(compression);
  // A frame may come from a process on a newer Node, which has zstd.
  if (compressor === undefined) throw new CodecError(`frame: compression ${compression} cannot be read here`);
  return compressor.decompress(stored, originalLength);
}

function wrongLength(recorded: number, present: number): CodecError {
  return new CodecError(`frame: ${recorded} bytes recorded, ${present} present`);
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(FRAME_HEADER_BYTES), crc32(frame.subarray(0, CHECKSUM_OFFSET)));
}

function isEncoding(encoding: number): encoding is Encoding {
  return KNOWN_ENCODINGS.has(encoding);
}
