import { CacheError, CodecError } from '../errors.js';
import { stringHeapBytes } from '../sizing/string-size.js';
import type { ClassPolicy } from './class-policy.js';
import type { CompressorSet } from './compressor.js';
import { isCopyable } from './copy-json.js';
import { type DecodedForm, DecompressedForm, JsonForm, TextForm } from './decoded-form.js';
import { Encoding, type Payload, readFrame } from './frame.js';
import { fromGraph } from './graph.js';
import { frameBytes, isCompressedFrame, measureStored } from './held-bytes.js';
import { PortableReader } from './portable-reader.js';
import { type Row, valueOf } from './row.js';
import { deserialize } from './structured.js';
import { StoredKind } from './value-codec.js';
import { viewFrom } from './view-types.js';

/** Reads what the codec of `copy` mode stores, each time anew or once for many hits. */
export class CopyReader {
  constructor(
    private readonly compressors: CompressorSet,
    private readonly classes: ClassPolicy,
  ) {}

  decode(kind: StoredKind, data: unknown): unknown {
    if (kind === StoredKind.DIRECT) return data;
    if (kind === StoredKind.ROW) return valueOf(data as Row);
    return proven(() => (kind === StoredKind.JSON ? JSON.parse(data as string) : this.#valueOf(this.#payloadOf(data))));
  }

  open(kind: StoredKind, data: unknown): DecodedForm | undefined {
    if (kind === StoredKind.DIRECT || kind === StoredKind.ROW) return undefined;
    return proven(() => {
      if (kind === StoredKind.JSON) return jsonForm(data as string);
      return isCompressedFrame(data) ? this.#formOf(this.#payloadOf(data)) : undefined;
    });
  }

  #payloadOf(data: unknown): Payload {
    const bytes = frameBytes(data);
    if (bytes === undefined) throw new CodecError('stored value: not a frame');
    return readFrame(bytes, this.compressors);
  }

  #formOf(payload: Payload): DecodedForm {
    switch (payload.encoding) {
      case Encoding.JSON_LATIN1:
      case Encoding.JSON_UTF8:
        return jsonForm(textOf(payload)) ?? decompressed(textOf(payload), JSON.parse, stringHeapBytes);
      case Encoding.TEXT_LATIN1:
      case Encoding.TEXT_UTF8:
        return new TextForm(textOf(payload));
      default:
        // What was inflated may stand in a larger block.
        return decompressed(
          { ...payload, bytes: exactCopy(payload.bytes) },
          (each) => this.#valueOf(each),
          ({ bytes }) => measureStored(StoredKind.FRAME, bytes),
        );
    }
  }

  #valueOf(payload: Payload): unknown {
    const buffer = bufferOver(payload.bytes);
    switch (payload.encoding) {
      case Encoding.JSON_LATIN1:
      case Encoding.JSON_UTF8:
        return JSON.parse(textOf(payload));
      case Encoding.TEXT_LATIN1:
      case Encoding.TEXT_UTF8:
        return textOf(payload);
      case Encoding.STRUCTURED:
        return deserialize(buffer);
      case Encoding.GRAPH:
        return fromGraph(deserialize(buffer), this.classes);
      case Encoding.TREE:
        return new PortableReader(this.classes).read(JSON.parse(buffer.toString('utf8')));
      case Encoding.BYTES:
        return viewFrom(payload.viewType, buffer);
    }
  }
}

function textOf({ encoding, bytes }: Payload): string {
  const isLatin1 = encoding === Encoding.JSON_LATIN1 || encoding === Encoding.TEXT_LATIN1;
  return bufferOver(bytes).toString(isLatin1 ? 'latin1' : 'utf8');
}

function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function exactCopy(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.byteLength);
  copy.set(bytes);
  return copy;
}

/** `undefined` where a copy would not be faithful. */
function jsonForm(text: string): JsonForm | undefined {
  const value: unknown = JSON.parse(text);
  return isCopyable(value) ? new JsonForm(value as object) : undefined;
}

function decompressed<P>(payload: P, decode: (payload: P) => unknown, sizeOf: (payload: P) => number): DecodedForm {
  return new DecompressedForm(payload, decode, sizeOf(payload));
}

/** Runs a decoder and turns what it throws at wrong bytes into ours. */
function proven<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw error instanceof CacheError ? error : new CodecError('stored value: cannot be read', { cause: error });
  }
}
