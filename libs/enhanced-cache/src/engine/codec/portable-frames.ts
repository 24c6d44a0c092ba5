import { CodecError } from '../errors.js';
import { isOneByte } from '../sizing/string-size.js';
import { AvailableCompressors } from './available-compressors.js';
import { ClassPolicy } from './class-policy.js';
import { CopyReader } from './copy-reader.js';
import type { CodecOptions } from './create-codec.js';
import { Encoding, type Payload, plainPayloadIn } from './frame.js';
import { frameBytes, isCompressedFrame, measureStored } from './held-bytes.js';
import { isClassInstance, kindOf } from './object-kind.js';
import { PayloadPacker } from './payload-packer.js';
import { toPortable } from './portable.js';
import { StoredKind, type StoredValue } from './value-codec.js';
import { bytesOf, viewTypeOf } from './view-types.js';

/** What V8 wrote is read by the very process that wrote it, never where others may have put it. */
const FOREIGN: ReadonlySet<number> = new Set([Encoding.STRUCTURED, Encoding.GRAPH]);

/** A value that was read from a frame, and how memory may keep it without encoding it again. */
export interface ReadValue {
  readonly value: unknown;
  /** `undefined`: it is to be encoded. */
  readonly stored: StoredValue | undefined;
}

/**
 * Values as frames that go from process to process: JSON text, text, bytes, or a typed tree as JSON.
 *
 * They are compressed as in memory, but never in zstd, which not every process may have.
 */
export class PortableFrames {
  readonly #packer: PayloadPacker;
  readonly #reader: CopyReader;
  readonly #classes: ClassPolicy;
  readonly #isCopy: boolean;

  constructor(options: CodecOptions) {
    const compressors = new AvailableCompressors(undefined);
    this.#packer = new PayloadPacker(compressors, options.compressionLevel, options.compressionThreshold);
    this.#classes = new ClassPolicy(options);
    this.#reader = new CopyReader(compressors, this.#classes);
    this.#isCopy = options.isolation === 'copy';
  }

  /** @throws {InvalidValueError} naming the path inside the value that cannot go to another process. */
  write(value: unknown): Uint8Array {
    return frameBytes(this.#packer.framed(this.#payloadOf(value)).data) as Uint8Array;
  }

  /**
   * @param frame may come from anywhere, but a checksum around it has proven that it is what was written there; what is
   *   returned does not share its bytes.
   * @throws {CodecError} where it cannot be what {@link write} wrote.
   */
  readProven(frame: Uint8Array): ReadValue {
    const encoding = frame[1];
    if (FOREIGN.has(encoding)) throw new CodecError(`frame: encoding ${encoding} is not for other processes`);
    if (isPlainJson(frame, encoding)) return this.#readJson(frame, encoding);
    // With bytes of its own, for as long as they are kept; what came from elsewhere may be a part of something larger.
    const own = Buffer.allocUnsafeSlow(frame.byteLength);
    own.set(frame);
    const value = this.#reader.decode(StoredKind.FRAME, own);
    return { value, stored: this.#isCopy ? asStored(own, encoding) : undefined };
  }

  /** Most frames are of this kind: the text is made once, for the value and for memory. */
  #readJson(frame: Uint8Array, encoding: number): ReadValue {
    const buffer = Buffer.isBuffer(frame) ? frame : Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    const { start, end } = plainPayloadIn(buffer);
    const data = buffer.toString(encoding === Encoding.JSON_LATIN1 ? 'latin1' : 'utf8', start, end);
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch (error) {
      throw new CodecError('frame: no JSON', { cause: error });
    }
    if (!this.#isCopy) return { value, stored: undefined };
    const heldBytes = measureStored(StoredKind.JSON, data);
    const originalBytes = end - start;
    return {
      value,
      stored: { kind: StoredKind.JSON, data, originalBytes, storedBytes: originalBytes, heldBytes },
    };
  }

  #payloadOf(value: unknown): Payload {
    if (typeof value === 'string' && value.isWellFormed()) return textPayload(value, TEXT);
    if (typeof value === 'object' && value !== null) {
      const kind = kindOf(value);
      if ((kind === 'view' || kind === 'buffer') && !isClassInstance(value, kind)) {
        const viewType = viewTypeOf(value as ArrayBufferView);
        if (viewType !== undefined)
          return { encoding: Encoding.BYTES, viewType, bytes: bytesOf(value as ArrayBufferView) };
      }
    }
    const portable = toPortable(value, this.#classes);
    const text = JSON.stringify(portable.value);
    if (portable.type === 'json') return textPayload(text, JSON_TEXT);
    return { encoding: Encoding.TREE, viewType: 0, bytes: Buffer.from(text, 'utf8') };
  }
}

const TEXT = { latin1: Encoding.TEXT_LATIN1, utf8: Encoding.TEXT_UTF8 } as const;
const JSON_TEXT = { latin1: Encoding.JSON_LATIN1, utf8: Encoding.JSON_UTF8 } as const;

function textPayload(text: string, as: typeof TEXT | typeof JSON_TEXT): Payload {
  const isLatin1 = isOneByte(text);
  return {
    encoding: isLatin1 ? as.latin1 : as.utf8,
    viewType: 0,
    bytes: Buffer.from(text, isLatin1 ? 'latin1' : 'utf8'),
  };
}

/** The forms that `copy` mode keeps itself; the others, JSON apart, it would keep in another way. */
function asStored(frame: Buffer, encoding: number): StoredValue | undefined {
  if (!isCompressedFrame(frame) && encoding !== Encoding.BYTES) return undefined;
  const originalBytes = frame.readUInt32LE(4);
  const heldBytes = measureStored(StoredKind.FRAME, frame);
  return { kind: StoredKind.FRAME, data: frame, originalBytes, storedBytes: frame.byteLength, heldBytes };
}

function isPlainJson(frame: Uint8Array, encoding: number): boolean {
  return (encoding === Encoding.JSON_LATIN1 || encoding === Encoding.JSON_UTF8) && !isCompressedFrame(frame);
}
