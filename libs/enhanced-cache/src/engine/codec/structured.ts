import { DefaultDeserializer, DefaultSerializer } from 'node:v8';
import { bytesOf, viewFrom, viewTypeOf } from './view-types.js';

/**
 * Structured copies as bytes of this process. Never to be read from outside of it: V8 does not check what it is given.
 *
 * The stock pair of node:v8 hands out views that lie inside the serialized bytes; a reader who changed one would change
 * what is stored. This pair writes the very bytes of each view and reads them into memory of their own. Several views of
 * one ArrayBuffer come back with the same content, no longer sharing memory.
 *
 * @throws DataCloneError for what structured cloning cannot copy; RangeError for what is nested too deeply.
 */
export function serialize(value: unknown): Buffer {
  const serializer = new ExactSerializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
}

/** Reads what {@link serialize} wrote; throws whatever V8 makes of anything else. */
export function deserialize(bytes: Uint8Array): unknown {
  const deserializer = new ExactDeserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
}

class ExactSerializer extends DefaultSerializer {
  /** Called by V8 for each view of bytes, and for objects that belong to native code. */
  _writeHostObject(object: object): void {
    const type = ArrayBuffer.isView(object) ? viewTypeOf(object) : undefined;
    if (type === undefined) throw new TypeError('an object of native code cannot be cloned');
    const bytes = bytesOf(object as ArrayBufferView);
    this.writeUint32(type);
    this.writeUint32(bytes.byteLength);
    this.writeRawBytes(bytes);
  }
}

class ExactDeserializer extends DefaultDeserializer {
  _readHostObject(): object {
    const type = this.readUint32();
    return viewFrom(type, this.readRawBytes(this.readUint32()));
  }
}
