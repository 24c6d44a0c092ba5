import { InvalidValueError } from '../errors.js';
import { CompressionLevel } from '../options/enums.js';
import { CompressionRecord } from './compression-record.js';
import { CompressionId, type Compressor, type CompressorSet, type EffortLevel } from './compressor.js';
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, type Payload } from './frame.js';
import { holdFrame, measureStored } from './held-bytes.js';
import { type DeferredCompression, StoredKind, type StoredValue } from './value-codec.js';

/** A compressed frame is kept only where it takes at most this share of the original. */
const MAX_KEPT_RATIO = 0.9;

/** What packing is counted in. */
export interface CompressionCounts {
  /** Payloads left as they are because others like them did not shrink. */
  skippedCompressions: number;
}

/** Says whether there is room for one more large payload that waits to be compressed. */
export interface DeferralGate {
  accepts(sizeBytes: number): boolean;
}

/** Puts payloads into frames, compressed where that pays. */
export class PayloadPacker {
  readonly #record = new CompressionRecord();

  constructor(
    private readonly compressors: CompressorSet,
    private readonly level: CompressionLevel,
    /** Payloads of fewer bytes are not compressed. */
    private readonly thresholdBytes: number,
    private readonly counts: CompressionCounts = { skippedCompressions: 0 },
    /** `undefined`: nothing is deferred. */
    private readonly gate?: DeferralGate,
  ) {}

  /** Whether a payload of `sizeBytes` is worth a try. */
  mayCompress(sizeBytes: number): boolean {
    return this.level !== CompressionLevel.NONE && sizeBytes >= this.thresholdBytes && sizeBytes <= MAX_PAYLOAD_BYTES;
  }

  /** Whether a payload of `sizeBytes` is to be stored as it is and compressed later, by {@link deferral}. */
  defers(sizeBytes: number): boolean {
    if (this.gate === undefined || this.level === CompressionLevel.NONE || !this.mayCompress(sizeBytes)) return false;
    const { offLoop } = this.compressors.writer(sizeBytes, this.level);
    return offLoop !== undefined && sizeBytes >= offLoop.fromBytes && this.gate.accepts(sizeBytes);
  }

  /** What is to be done later with a payload that was stored as it is. `payloadOf` is asked when its turn comes. */
  deferral(payloadOf: () => Payload | undefined): DeferredCompression {
    return {
      now: () => {
        const payload = payloadOf();
        return payload && this.compressed(payload);
      },
      offLoop: async (signal) => {
        const payload = payloadOf();
        return payload && this.#compressedOffLoop(payload, signal);
      },
    };
  }

  /**
   * The compressed frame, or `undefined` where compression is off, the payload is small, it does not shrink by 10 %, or
   * payloads like it did not.
   */
  compressed(payload: Payload): StoredValue | undefined {
    const attempt = this.#attempt(payload);
    return attempt && this.#judge(payload, attempt, attempt.compressor.compress(payload.bytes, attempt.level));
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
    const isDeferred = this.defers(originalBytes);
    const compressed = isDeferred ? undefined : this.compressed(payload);
    if (compressed) return compressed;
    const frame = holdFrame(payload, CompressionId.NONE, payload.bytes);
    const asItIs = stored(frame, originalBytes, originalBytes);
    if (!isDeferred) return asItIs;
    // The caller's bytes may change, those in the frame do not.
    const own = { ...payload, bytes: (frame as Buffer).subarray(FRAME_HEADER_BYTES) };
    return { ...asItIs, deferred: this.deferral(() => own) };
  }

  async #compressedOffLoop(payload: Payload, signal: AbortSignal): Promise<StoredValue | undefined> {
    const attempt = this.#attempt(payload);
    if (attempt === undefined) return undefined;
    const { compressor, level } = attempt;
    if (compressor.offLoop === undefined)
      return this.#judge(payload, attempt, compressor.compress(payload.bytes, level));
    return this.#judge(payload, attempt, await compressor.offLoop.compress(payload.bytes, level, signal));
  }

  /** How `payload` is to be compressed, `undefined` where it is not. */
  #attempt({ encoding, bytes }: Payload): Attempt | undefined {
    const { level } = this;
    if (level === CompressionLevel.NONE || !this.mayCompress(bytes.byteLength)) return undefined;
    const family = this.#record.familyOf(encoding, bytes);
    if (family !== undefined && this.#record.rests(family)) {
      this.counts.skippedCompressions++;
      return undefined;
    }
    return { compressor: this.compressors.writer(bytes.byteLength, level), level, family };
  }

  #judge(payload: Payload, { compressor, family }: Attempt, smaller: Uint8Array): StoredValue | undefined {
    const originalBytes = payload.bytes.byteLength;
    const storedBytes = FRAME_HEADER_BYTES + smaller.byteLength;
    const shrank = storedBytes <= originalBytes * MAX_KEPT_RATIO;
    if (family !== undefined) this.#record.learn(family, shrank);
    return shrank ? stored(holdFrame(payload, compressor.id, smaller), originalBytes, storedBytes) : undefined;
  }
}

interface Attempt {
  readonly compressor: Compressor;
  readonly level: EffortLevel;
  /** To be told how it went. */
  readonly family: number | undefined;
}

function stored(data: Buffer | string, originalBytes: number, storedBytes: number): StoredValue {
  return { kind: StoredKind.FRAME, data, originalBytes, storedBytes, heldBytes: measureStored(StoredKind.FRAME, data) };
}
