import { CodecError } from '../errors.js';
import { plainSize } from '../sizing/plain-size.js';
import { storeDirect, storeMeasured, storePrimitive, storeWithBytes } from './direct.js';
import { inspect } from './inspect.js';
import { StoredKind, type StoredValue, type ValueCodec } from './value-codec.js';

/**
 * `isolation: 'shared'`: the very object that was set. Who changes it changes the cache, its accounted size included,
 * which is that of the moment of `set`.
 *
 * What no mode can keep (functions, streams, promises) is refused here too, so that a cache can change its mode.
 */
export class SharedCodec implements ValueCodec {
  encode(value: unknown): StoredValue {
    if (typeof value !== 'object' || value === null) {
      inspect(value);
      return storePrimitive(value);
    }
    const bytes = plainSize(value);
    if (bytes !== -1) return storeMeasured(value, bytes);
    return inspect(value).hasBinary ? storeWithBytes(value) : storeDirect(value);
  }

  decode(kind: StoredKind, data: unknown): unknown {
    if (kind !== StoredKind.DIRECT) throw new CodecError(`stored value: kind ${kind} is not one of shared mode`);
    return data;
  }

  open(): undefined {
    return undefined;
  }
}
