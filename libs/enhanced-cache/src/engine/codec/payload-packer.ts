import { InvalidValueError } from '../errors.js';
import { CompressionLevel } from '../options/enums.js';
import { CompressionRecord } from './compression-record.js';
import { CompressionId, type CompressorSet } from './compressor.js';
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, type Payload } from './frame.js';
import { holdFrame, measureStored } from './held-bytes.js';
import { StoredKind, type StoredValue } from './value-codec.js';

/** A compressed frame is kept only where it takes at most this share of the original. */
const MAX_KEPT_RATIO = 0.9;

/** Puts payloads into frames, compressed where that pays. */
export class PayloadPacker {
  readonly #record = new CompressionRecord();

  constructor(
    private readonly compressors: CompressorSet,
    private readonly level: CompressionLevel,
    /** Payloads of fewer bytes are not compressed. */
    private readonly thresholdBytes: number,
  ) {}

  /** Whether a payload of `sizeBytes` is worth a try. */
  mayCompress(sizeBytes: number): boolean {
    return this.level !== CompressionLevel.NONE && sizeBytes >= this.thresholdBytes && sizeBytes <= MAX_PAYLOAD_BYTES;
  }

  /**
   * The compressed frame, or `undefined` where compression is off, the payload is small, it does not shrink by 10 %, or
   * payloads like it did not.
   */
  compressed(payload: Payload): StoredValue | undefined {
    const originalBytes = payload.bytes.byteLength;
    if (this.level === CompressionLevel.NONE || !this.mayCompress(originalBytes)) return undefined;
    const family = this.#record.familyOf(payload.encoding, payload.bytes);
    if (family !== undefined && this.#record.rests(family)) return undefined;
    const compressor = this.compressors.writer(originalBytes, this.level);
    const smaller = compressor.compress(payload.bytes, this.level);
    const storedBytes = FRAME_HEADER_BYTES + smaller.byteLength;
    const shrank = storedBytes <= originalBytes * MAX_KEPT_RATIO;
    if (family !== undefined) this.#record.learn(family, shrank);
    if (!shrank) return undefined;
    return stored(holdFrame(payload, compressor.id, smaller), originalBytes, storedBytes);
  }

  /**
   * The frame, compressed or not.
   *
   * @throws {InvalidValueError} where the payload is larger than a frame may be.
   */
  framed(payload: Payload): StoredValue {
    const originalBytes = payload.bytes.byteLength;
    if (originalBytes > MAX_PAYLOAD_BYTES) {
      throw new InvalidValueError('value', `takes ${originalBytes} bytes, at most ${MAX_PAYLOAD_BYTES} can be stored`);
    }
    return (
      this.compressed(payload) ??
      stored(holdFrame(payload, CompressionId.NONE, payload.bytes), originalBytes, originalBytes)
    );
  }
}

function stored(data: Buffer | string, originalBytes: number, storedBytes: number): StoredValue {
  return { kind: StoredKind.FRAME, data, originalBytes, storedBytes, heldBytes: measureStored(StoredKind.FRAME, data) };
}
