import { crc32 } from 'node:zlib';
import { CompressionId } from '../engine/codec/compressor.js';
import { Encoding, readFrame, writeFrame } from '../engine/codec/frame.js';
import { AvailableCompressors } from '../engine/codec/available-compressors.js';
import { CodecError } from '../engine/errors.js';
import type { EntryRecord, ReadRecord } from './entry-record.js';
import { TOKEN_LENGTH } from './random-token.js';

/**
 * A record as one line of JSON, for people: `{"v":1,"stamp":"…","crc":"…","epoch":"…","key":"…",…,"value":…}`.
 *
 * Version, stamp and checksum stand first and in this order, at fixed places. The checksum, CRC-32 in hexadecimal, is that of the
 * line with zeros in its place. A value that is no JSON stands in `frame`, in base64.
 */
const STAMP_PREFIX = '{"v":1,"stamp":"';
const NO_CHECKSUM = '00000000';
const CHECKSUM_AT = STAMP_PREFIX.length + TOKEN_LENGTH + '","crc":"'.length;
const LINE = /^\{"v":1,"stamp":"([\w-]{12})","crc":"([0-9a-f]{8})"/;
const DEFLATE = new AvailableCompressors(undefined);

interface Line {
  v: 1;
  stamp: string;
  crc: string;
  epoch: string;
  key: string;
  tags: Record<string, string>;
  priority: number;
  cost: number;
  loadMs: number;
  metadata?: unknown;
  value?: unknown;
  frame?: string;
}

export function readableProof(stamp: string): Buffer {
  return Buffer.from(STAMP_PREFIX + stamp, 'latin1');
}

export function isReadable(bytes: Buffer): boolean {
  return bytes[0] === 0x7b;
}

export function proofOfReadable(bytes: Buffer): Buffer {
  return bytes.subarray(0, STAMP_PREFIX.length + TOKEN_LENGTH);
}

export function writeReadable(record: EntryRecord): Buffer {
  const { stamp, epoch, key, priority, cost, loadMs, metadata } = record;
  const tags = Object.fromEntries(record.tags);
  const head = JSON.stringify({ v: 1, stamp, crc: NO_CHECKSUM, epoch, key, tags, priority, cost, loadMs });
  const extra = metadata === undefined ? '' : `,"metadata":${metadata}`;
  const text = `${head.slice(0, -1)}${extra},${valueText(record.frame)}}`;
  return Buffer.from(text.slice(0, CHECKSUM_AT) + checksum(text) + text.slice(CHECKSUM_AT + NO_CHECKSUM.length));
}

/** @throws {CodecError} saying what does not fit. */
export function readReadable(bytes: Buffer): ReadRecord {
  const text = bytes.toString('utf8');
  const match = LINE.exec(text);
  if (!match) throw new CodecError('record: the line does not begin as one does');
  const [, , crc] = match;
  if (checksum(text.slice(0, CHECKSUM_AT) + NO_CHECKSUM + text.slice(CHECKSUM_AT + crc.length)) !== crc) {
    throw new CodecError('record: wrong checksum');
  }
  let line: Line;
  try {
    line = JSON.parse(text) as Line;
  } catch (error) {
    throw new CodecError('record: the line is no JSON', { cause: error });
  }
  const { epoch, key, tags, priority, cost, loadMs, metadata } = line;
  return {
    epoch,
    key,
    tags: new Map(Object.entries(tags)),
    priority,
    cost,
    loadMs,
    metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
    frame: frameOf(line),
  };
}

function valueText(frame: Uint8Array): string {
  const { encoding, bytes } = readFrame(frame, DEFLATE);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === Encoding.JSON_LATIN1) return `"value":${text.toString('latin1')}`;
  if (encoding === Encoding.JSON_UTF8) return `"value":${text.toString('utf8')}`;
  if (encoding === Encoding.TEXT_LATIN1) return `"value":${JSON.stringify(text.toString('latin1'))}`;
  if (encoding === Encoding.TEXT_UTF8) return `"value":${JSON.stringify(text.toString('utf8'))}`;
  return `"frame":"${Buffer.from(frame).toString('base64')}"`;
}

function frameOf({ value, frame }: Line): Uint8Array {
  if (frame !== undefined) return Buffer.from(frame, 'base64');
  const isText = typeof value === 'string';
  const bytes = Buffer.from(isText ? value : JSON.stringify(value));
  const encoding = isText ? Encoding.TEXT_UTF8 : Encoding.JSON_UTF8;
  return writeFrame({ encoding, viewType: 0, bytes }, CompressionId.NONE, bytes);
}

/** Eight hexadecimal digits. */
function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
