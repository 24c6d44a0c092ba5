import { crc32 } from 'node:zlib';
import { CodecError } from '../engine/errors.js';
import type { TierEntry } from '../engine/ports/second-tier.js';
import { TOKEN_LENGTH } from './random-token.js';

/** An entry as it stands in Redis, its lifetime apart, which Redis keeps. */
export interface EntryRecord extends Omit<TierEntry, 'ttlMs' | 'tags'> {
  /** No other record has it. */
  readonly stamp: string;
  readonly key: string;
  /** Of the namespace. A record of another epoch is dead. */
  readonly epoch: string;
  /** The generation of each tag when the value began to be fetched. */
  readonly tags: ReadonlyMap<string, string>;
}

/** A record that was read; what tells it from others is looked at by the first bytes alone ({@link proofOfRecord}). */
export type ReadRecord = Omit<EntryRecord, 'stamp'>;

/** What a record is likely to hold. It is compared with the bytes, which is cheaper than to make the same text of them again. */
export interface ExpectedRecord {
  readonly key: string;
  readonly epoch: string | undefined;
}

/**
 * version u8 · stamp 12 · crc32 u32 · epoch 12 · key length u32 · number of tags u8 · priority i8 · cost f64 · load time f64
 * · metadata length u32 · frame length u32, then the key, for each tag its length u16, the tag and its generation (12), the
 * metadata, the frame. Numbers are little-endian, texts UTF-8. A metadata length of 2^32 - 1 stands for none. The
 * checksum covers everything but itself.
 */
const VERSION = 1;
const STAMP_AT = 1;
const CHECKSUM_AT = STAMP_AT + TOKEN_LENGTH;
const EPOCH_AT = CHECKSUM_AT + 4;
const KEY_LENGTH_AT = EPOCH_AT + TOKEN_LENGTH;
const TAGS_AT = KEY_LENGTH_AT + 4;
const PRIORITY_AT = TAGS_AT + 1;
const COST_AT = PRIORITY_AT + 1;
const LOAD_AT = COST_AT + 8;
const METADATA_LENGTH_AT = LOAD_AT + 8;
const FRAME_LENGTH_AT = METADATA_LENGTH_AT + 4;
const HEADER_BYTES = FRAME_LENGTH_AT + 4;
const NO_METADATA = 2 ** 32 - 1;
/** Bytes by which a record is told from any other: version and stamp. */
const PROOF_BYTES = CHECKSUM_AT;
/** The register of CRC-32, inverted as ever, after each byte. */
const CRC_OF_BYTE = Int32Array.from({ length: 256 }, (_, byte) => {
  let register = byte;
  for (let bit = 0; bit < 8; bit++) register = register & 1 ? (register >>> 1) ^ 0xedb88320 : register >>> 1;
  return register;
});
const NO_TAGS: ReadonlyMap<string, string> = new Map();

/** The first bytes of every record with this stamp. */
export function recordProof(stamp: string): Buffer {
  return Buffer.from(String.fromCharCode(VERSION) + stamp, 'latin1');
}

/** Whether `bytes` begins as a record of this form does. */
export function isRecord(bytes: Buffer): boolean {
  return bytes[0] === VERSION;
}

export function proofOfRecord(bytes: Buffer): Buffer {
  return bytes.subarray(0, PROOF_BYTES);
}

export function writeRecord(record: EntryRecord): Buffer {
  const keyBytes = Buffer.byteLength(record.key);
  const metadataBytes = record.metadata === undefined ? 0 : Buffer.byteLength(record.metadata);
  let tagBytes = 0;
  for (const tag of record.tags.keys()) tagBytes += 2 + Buffer.byteLength(tag) + TOKEN_LENGTH;
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + keyBytes + tagBytes + metadataBytes + record.frame.byteLength);
  bytes[0] = VERSION;
  bytes.write(record.stamp, STAMP_AT, 'latin1');
  bytes.write(record.epoch, EPOCH_AT, 'latin1');
  bytes.writeUInt32LE(keyBytes, KEY_LENGTH_AT);
  bytes[TAGS_AT] = record.tags.size;
  bytes.writeInt8(record.priority, PRIORITY_AT);
  bytes.writeDoubleLE(record.cost, COST_AT);
  bytes.writeDoubleLE(record.loadMs, LOAD_AT);
  bytes.writeUInt32LE(record.metadata === undefined ? NO_METADATA : metadataBytes, METADATA_LENGTH_AT);
  bytes.writeUInt32LE(record.frame.byteLength, FRAME_LENGTH_AT);
  let at = HEADER_BYTES;
  at += bytes.write(record.key, at);
  for (const [tag, generation] of record.tags) {
    const length = bytes.write(tag, at + 2);
    bytes.writeUInt16LE(length, at);
    at += 2 + length;
    at += bytes.write(generation, at, 'latin1');
  }
  if (record.metadata !== undefined) at += bytes.write(record.metadata, at);
  bytes.set(record.frame, at);
  bytes.writeUInt32LE(checksum(bytes), CHECKSUM_AT);
  return bytes;
}

/**
 * The record, proven: any changed bit, missing or added byte is refused. The frame is a part of `bytes`.
 *
 * @param expected changes nothing of what is returned.
 *
 * @throws {CodecError} saying what does not fit.
 */
export function readRecord(bytes: Buffer, expected?: ExpectedRecord): ReadRecord {
  if (bytes.byteLength < HEADER_BYTES) throw new CodecError(`record: ${bytes.byteLength} bytes hold no header`);
  if (bytes[0] !== VERSION) throw new CodecError(`record: version ${bytes[0]} is not known`);
  if (bytes.readUInt32LE(CHECKSUM_AT) !== checksum(bytes)) throw new CodecError('record: wrong checksum');
  const keyEnd = HEADER_BYTES + bytes.readUInt32LE(KEY_LENGTH_AT);
  const tags = bytes[TAGS_AT] === 0 ? NO_TAGS : new Map<string, string>();
  let at = keyEnd;
  for (let left = bytes[TAGS_AT]; left > 0; left--) {
    if (at + 2 > bytes.byteLength) throw new CodecError('record: a tag is missing');
    const tagEnd = at + 2 + bytes.readUInt16LE(at);
    (tags as Map<string, string>).set(
      bytes.toString('utf8', at + 2, tagEnd),
      bytes.toString('latin1', tagEnd, tagEnd + TOKEN_LENGTH),
    );
    at = tagEnd + TOKEN_LENGTH;
  }
  const metadataLength = bytes.readUInt32LE(METADATA_LENGTH_AT);
  const frameAt = at + (metadataLength === NO_METADATA ? 0 : metadataLength);
  if (frameAt + bytes.readUInt32LE(FRAME_LENGTH_AT) !== bytes.byteLength) {
    throw new CodecError('record: the lengths do not add up');
  }
  return {
    key: textAt(bytes, HEADER_BYTES, keyEnd, expected?.key) ?? bytes.toString('utf8', HEADER_BYTES, keyEnd),
    epoch: textAt(bytes, EPOCH_AT, KEY_LENGTH_AT, expected?.epoch) ?? bytes.toString('latin1', EPOCH_AT, KEY_LENGTH_AT),
    tags,
    priority: bytes.readInt8(PRIORITY_AT),
    cost: bytes.readDoubleLE(COST_AT),
    loadMs: bytes.readDoubleLE(LOAD_AT),
    metadata: metadataLength === NO_METADATA ? undefined : bytes.toString('utf8', at, frameAt),
    frame: bytes.subarray(frameAt),
  };
}

/** CRC-32 of the first `count` bytes: of a few it costs less here than the call of the native one. */
function crc32OfFew(bytes: Buffer, count: number): number {
  let register = -1;
  for (let i = 0; i < count; i++) register = CRC_OF_BYTE[(register ^ bytes[i]) & 0xff] ^ (register >>> 8);
  return ~register >>> 0;
}

/** `text` where just that stands there, in ASCII. */
function textAt(bytes: Buffer, start: number, end: number, text: string | undefined): string | undefined {
  if (text?.length !== end - start) return undefined;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f || code !== bytes[start + i]) return undefined;
  }
  return text;
}

function checksum(bytes: Buffer): number {
  return crc32(bytes.subarray(EPOCH_AT), crc32OfFew(bytes, CHECKSUM_AT));
}
