import { Inject, Injectable } from '@nestjs/common';
import { ClassPolicy } from '../engine/codec/class-policy.js';
import { toPortable } from '../engine/codec/portable.js';
import { InvalidValueError } from '../engine/errors.js';
import type { EnhancedCacheOptions } from '../engine/options/options.js';
import { resolveOptions } from '../engine/options/resolve-options.js';
import { CACHE_OPTIONS } from '../nest/tokens.js';

/** A value as an answer carries it. */
export interface WireValue {
  readonly value: unknown;
  /**
   * Absent for plain JSON. `typed`: the notation of exports, for what JSON has no word for (Date, Map, BigInt, bytes).
   * `opaque`: the value cannot leave the process (a function, a promise; only in `shared` isolation) and `value` is null.
   */
  readonly value_type?: 'typed' | 'opaque';
}

/** Shows any cached value in JSON. */
@Injectable()
export class PortableValues {
  readonly #classes: ClassPolicy;

  constructor(@Inject(CACHE_OPTIONS) options: EnhancedCacheOptions) {
    // Whether instances may be stored was decided when they were; showing them is no reason to warn or refuse.
    this.#classes = new ClassPolicy({ ...resolveOptions(options), classInstances: 'allow' });
  }

  toWire(value: unknown): WireValue {
    try {
      const portable = toPortable(value, this.#classes);
      return portable.type === 'json' ? { value } : { value: portable.value, value_type: 'typed' };
    } catch (error) {
      if (error instanceof InvalidValueError) return { value: null, value_type: 'opaque' };
      throw error;
    }
  }
}
