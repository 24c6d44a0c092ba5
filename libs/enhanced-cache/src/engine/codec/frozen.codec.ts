import type { CopyCodec } from './copy.codec.js';
import type { DecodedForm } from './decoded-form.js';
import { storeDirect, storePrimitive, storeWithBytes } from './direct.js';
import { frozenCopy } from './freeze.js';
import { inspect } from './inspect.js';
import type { StoredKind, StoredValue, ValueCodec } from './value-codec.js';

/**
 * `isolation: 'frozen'`: one deep-frozen copy that all hits share; a hit costs nothing, a change throws.
 *
 * Class instances are kept as they are and frozen where they stand, with everything they refer to. Bytes cannot be
 * frozen: a value that holds some is kept serialized, as in `copy` mode, and each hit gets a copy. Only where it holds
 * class instances too, which serializing would not keep, is it shared, and its bytes remain writable.
 */
export class FrozenCodec implements ValueCodec {
  constructor(private readonly bytes: CopyCodec) {}

  encode(value: unknown): StoredValue {
    const found = inspect(value);
    if (typeof value !== 'object' || value === null) return storePrimitive(value);
    if (found.hasBinary && found.instances.length === 0) return this.bytes.encode(value);
    const copy = frozenCopy(value, found.instances) as object;
    return found.hasBinary ? storeWithBytes(copy) : storeDirect(copy);
  }

  decode(kind: StoredKind, data: unknown): unknown {
    return this.bytes.decode(kind, data);
  }

  open(kind: StoredKind, data: unknown): DecodedForm | undefined {
    return this.bytes.open(kind, data);
  }
}
