import { CodecError } from '../engine/errors.js';
import {
  type EntryRecord,
  type ExpectedRecord,
  isRecord,
  proofOfRecord,
  type ReadRecord,
  readRecord,
  recordProof,
  writeRecord,
} from './entry-record.js';
import { TOKEN_LENGTH } from './random-token.js';
import { isReadable, proofOfReadable, readableProof, readReadable, writeReadable } from './readable-record.js';

/** How values are written; either form is always read. */
export type RecordFormat = 'binary' | 'json';

const LEASE = 'L';
/** Something of another program's is told from what replaces it by so many bytes. */
const MAX_PROOF_BYTES = 64;
const LEASE_BYTES = LEASE.length + TOKEN_LENGTH;

/** What stands under a key: a value, or the lease of a process that is loading one. */
export type StoredRecord =
  | { readonly kind: 'value'; readonly record: ReadRecord }
  | { readonly kind: 'lease' }
  | { readonly kind: 'corrupt'; readonly error: CodecError };

/** The lease with this token; it is its own proof. */
export function leaseRecord(token: string): Buffer {
  return Buffer.from(LEASE + token, 'latin1');
}

/** Whether this first byte is that of a lease. */
export function isLeaseStart(byte: Buffer): boolean {
  return byte.toString('latin1') === LEASE;
}

export function encodeRecord(record: EntryRecord, format: RecordFormat): Buffer {
  return format === 'json' ? writeReadable(record) : writeRecord(record);
}

/** The first bytes of a record with this stamp. */
export function proofOf(stamp: string, format: RecordFormat): Buffer {
  return format === 'json' ? readableProof(stamp) : recordProof(stamp);
}

/** The first bytes of what stands under a key, by which it is told from what replaces it; a lease is its own proof. */
export function proofIn(bytes: Buffer): Buffer {
  if (isLease(bytes)) return bytes;
  if (isReadable(bytes)) return proofOfReadable(bytes);
  return isRecord(bytes) ? proofOfRecord(bytes) : bytes.subarray(0, MAX_PROOF_BYTES);
}

/**
 * Reads what may come from anywhere.
 *
 * @param expected what it is likely to hold; changes nothing of what is returned.
 */
export function decodeRecord(bytes: Buffer, expected?: ExpectedRecord): StoredRecord {
  if (isLease(bytes)) return { kind: 'lease' };
  try {
    return { kind: 'value', record: isReadable(bytes) ? readReadable(bytes) : readRecord(bytes, expected) };
  } catch (error) {
    const reason = error instanceof CodecError ? error : new CodecError('record: cannot be read', { cause: error });
    return { kind: 'corrupt', error: reason };
  }
}

function isLease(bytes: Buffer): boolean {
  return bytes.byteLength === LEASE_BYTES && bytes[0] === LEASE.charCodeAt(0);
}
