import { InvalidValueError } from '../errors.js';
import { flattenString } from '../sizing/flatten.js';
import { isOneByte } from '../sizing/string-size.js';
import type { ClassPolicy } from './class-policy.js';
import type { CopyReader } from './copy-reader.js';
import type { DecodedForm } from './decoded-form.js';
import { storePrimitive, textBytes } from './direct.js';
import { Encoding, type Payload } from './frame.js';
import { toGraph } from './graph.js';
import { measureStored } from './held-bytes.js';
import { inspect } from './inspect.js';
import { isClassInstance, kindOf } from './object-kind.js';
import type { PayloadPacker } from './payload-packer.js';
import { PortableWriter } from './portable-writer.js';
import { rowBytes, rowOf } from './row.js';
import { serialize } from './structured.js';
import { type DeferredCompression, StoredKind, type StoredValue, type ValueCodec } from './value-codec.js';
import { bytesOf, viewTypeOf } from './view-types.js';

/**
 * `isolation: 'copy'`: a serialized form is kept, each hit gets a fresh copy of its own.
 *
 * Primitives are kept as they are, what JSON brings back exactly as a row where it is small and as JSON text where it is
 * not, bytes as bytes, the rest as a structured copy (what holds errors as a typed tree). Large texts and payloads are compressed where that saves at least 10 %.
 */
export class CopyCodec implements ValueCodec {
  constructor(
    private readonly packer: PayloadPacker,
    private readonly classes: ClassPolicy,
    private readonly reader: CopyReader,
  ) {}

  encode(value: unknown): StoredValue {
    const row = this.#encodeRow(value);
    if (row) return row;
    const found = inspect(value);
    if (typeof value === 'string') return this.#encodeText(value);
    if (typeof value !== 'object' || value === null) return storePrimitive(value);
    if (found.shape === 'json') return this.#encodeJson(value);
    const kind = kindOf(value);
    if (found.hasBinary && (kind === 'view' || kind === 'buffer') && !isClassInstance(value, kind)) {
      return this.packer.framed(binaryPayload(value as ArrayBuffer | ArrayBufferView));
    }
    const revivals = this.classes.judge(value, found.instances);
    if (found.hasErrors) {
      const text = JSON.stringify(new PortableWriter(this.classes, revivals).write(value));
      return this.packer.framed({ encoding: Encoding.TREE, viewType: 0, bytes: Buffer.from(text) });
    }
    const isGraph = revivals.instances.length > 0;
    const bytes = serialized(() => serialize(isGraph ? toGraph(value, revivals) : value));
    return this.packer.framed({ encoding: isGraph ? Encoding.GRAPH : Encoding.STRUCTURED, viewType: 0, bytes });
  }

  decode(kind: StoredKind, data: unknown): unknown {
    return this.reader.decode(kind, data);
  }

  open(kind: StoredKind, data: unknown): DecodedForm | undefined {
    return this.reader.open(kind, data);
  }

  #encodeRow(value: unknown): StoredValue | undefined {
    if (typeof value !== 'object' || value === null || this.packer.mayCompress(MAX_ROW_CHARACTERS)) return undefined;
    const written = rowOf(value, MAX_ROW_CHARACTERS);
    if (written === undefined) return undefined;
    const { row, textBytes: bytes } = written;
    return { kind: StoredKind.ROW, data: row, originalBytes: bytes, storedBytes: bytes, heldBytes: rowBytes(row) };
  }

  #encodeText(text: string): StoredValue {
    const isDeferred = this.packer.defers(text.length);
    const compressed = isDeferred ? undefined : this.#compressedText(text, TEXT);
    if (compressed) return compressed;
    const stored = storePrimitive(text);
    return isDeferred ? { ...stored, deferred: this.#deferredText(stored.data as string, TEXT) } : stored;
  }

  #encodeJson(value: object): StoredValue {
    const text = serialized(() => JSON.stringify(value));
    const isDeferred = this.packer.defers(text.length);
    const compressed = isDeferred ? undefined : this.#compressedText(text, JSON_TEXT);
    if (compressed) return compressed;
    const data = flattenString(text);
    const bytes = textBytes(data);
    return {
      kind: StoredKind.JSON,
      data,
      originalBytes: bytes,
      storedBytes: bytes,
      heldBytes: measureStored(StoredKind.JSON, data),
      deferred: isDeferred ? this.#deferredText(data, JSON_TEXT) : undefined,
    };
  }

  #compressedText(text: string, as: TextEncodings): StoredValue | undefined {
    // No character takes more than three bytes: what cannot reach the threshold is not even measured.
    if (!this.packer.mayCompress(3 * text.length)) return undefined;
    const payload = textPayload(text, as);
    return payload && this.packer.compressed(payload);
  }

  #deferredText(text: string, as: TextEncodings): DeferredCompression {
    return this.packer.deferral(() => textPayload(text, as));
  }
}

/** What is longer is compressed by default. */
const MAX_ROW_CHARACTERS = 1023;

type TextEncodings = typeof TEXT | typeof JSON_TEXT;
const TEXT = { latin1: Encoding.TEXT_LATIN1, utf8: Encoding.TEXT_UTF8 } as const;
const JSON_TEXT = { latin1: Encoding.JSON_LATIN1, utf8: Encoding.JSON_UTF8 } as const;

/** `undefined` for a text with half of a surrogate pair, which does not survive UTF-8: it is kept as it is. */
function textPayload(text: string, as: TextEncodings): Payload | undefined {
  if (isOneByte(text)) return { encoding: as.latin1, viewType: 0, bytes: Buffer.from(text, 'latin1') };
  return text.isWellFormed() ? { encoding: as.utf8, viewType: 0, bytes: Buffer.from(text, 'utf8') } : undefined;
}

function binaryPayload(value: ArrayBuffer | ArrayBufferView): Payload {
  const viewType = viewTypeOf(value);
  if (viewType === undefined) throw new InvalidValueError('value', 'bytes of this type cannot be stored');
  return { encoding: Encoding.BYTES, viewType, bytes: bytesOf(value) };
}

/** Runs a serializer of the platform and turns its refusals into ours. */
function serialized<T>(serialize: () => T): T {
  try {
    return serialize();
  } catch (error) {
    const { name, message } = error as Error;
    const isTooDeep = name === 'RangeError';
    const reason = isTooDeep
      ? 'is nested too deeply or is too large to be serialized'
      : `cannot be serialized: ${message}`;
    throw new InvalidValueError('value', reason, { cause: error });
  }
}
