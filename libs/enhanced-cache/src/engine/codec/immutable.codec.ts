import { storeMeasured } from './direct.js';
import type { DecodedForm } from './decoded-form.js';
import { ImmutableValue } from './immutable-value.js';
import { StoredKind, type StoredValue, type ValueCodec } from './value-codec.js';

/** Keeps an {@link ImmutableValue} as it is and leaves all others to `inner`. */
export class ImmutableCodec implements ValueCodec {
  constructor(private readonly inner: ValueCodec) {}

  encode(value: unknown): StoredValue {
    return value instanceof ImmutableValue ? storeMeasured(value, value.heldBytes) : this.inner.encode(value);
  }

  decode(kind: StoredKind, data: unknown): unknown {
    return this.inner.decode(kind, data);
  }

  /** Asked for framed values alone, which never are immutable ones. */
  open(kind: StoredKind, data: unknown): DecodedForm | undefined {
    return kind === StoredKind.DIRECT ? undefined : this.inner.open(kind, data);
  }
}
