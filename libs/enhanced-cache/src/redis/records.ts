import { CodecError } from '../engine/errors.js';
import { type EntryRecord, isRecord, proofOfRecord, readRecord, recordProof, writeRecord } from './entry-record.js';
import { TOKEN_LENGTH } from './random-token.js';
import { isReadable, proofOfReadable, readableProof, readReadable, writeReadable } from './readable-record.js';

/** How values are written; either form is always read. */
export type RecordFormat = 'binary' | 'json';

const LEASE = 'L';
/** Something of another program's is told from what replaces it by so many bytes. */
const MAX_PROOF_BYTES = 64;
const LEASE_BYTES = LEASE.length + TOKEN_LENGTH;

/** What stands under a key: a value, or the lease of a process that is loading one, and the bytes to compare it by. */
export type StoredRecord =
  | { readonly kind: 'value'; readonly proof: Buffer; readonly record: EntryRecord }
  | { readonly kind: 'lease'; readonly proof: Buffer }
  | { readonly kind: 'corrupt'; readonly proof: Buffer; readonly error: CodecError };

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

/** Reads what may come from anywhere. */
export function decodeRecord(bytes: Buffer): StoredRecord {
  if (bytes.byteLength === LEASE_BYTES && bytes[0] === LEASE.charCodeAt(0)) return { kind: 'lease', proof: bytes };
  const readable = isReadable(bytes);
  const proof = readable
    ? proofOfReadable(bytes)
    : isRecord(bytes)
      ? proofOfRecord(bytes)
      : bytes.subarray(0, MAX_PROOF_BYTES);
  try {
    return { kind: 'value', proof, record: readable ? readReadable(bytes) : readRecord(bytes) };
  } catch (error) {
    const reason = error instanceof CodecError ? error : new CodecError('record: cannot be read', { cause: error });
    return { kind: 'corrupt', proof, error: reason };
  }
}
