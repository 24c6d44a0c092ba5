import fc from 'fast-check';
import { measureStored } from '../../src/engine/codec/held-bytes.js';
import type { ValueCodec } from '../../src/engine/codec/value-codec.js';
import { InvalidValueError } from '../../src/engine/errors.js';
import { difference } from '../support/same-value.js';
import { anyValue, valueSamples } from '../support/value-samples.js';

/** What every codec promises, whatever its isolation and compression. */
export function describeValueCodecContract(name: string, makeCodec: () => ValueCodec): void {
  describe(`${name} keeps the codec contract`, () => {
    const roundTrip = (value: unknown): unknown => {
      const codec = makeCodec();
      const { kind, data } = codec.encode(value);
      return codec.decode(kind, data);
    };

    it.each(Object.keys(valueSamples()))('brings back %s', (sample) => {
      const value = valueSamples()[sample];
      expect(difference(value, roundTrip(value))).toBeUndefined();
      // The original has not been touched either.
      expect(difference(stackless(value), stackless(valueSamples()[sample]))).toBeUndefined();
    });

    it('brings back whatever it accepts', () => {
      fc.assert(
        fc.property(anyValue, (value) => {
          expect(difference(value, roundTrip(value))).toBeUndefined();
        }),
        { seed: 20260101, numRuns: 200 },
      );
    });

    it('gives sizes that can be derived again from what is stored', () => {
      const codec = makeCodec();
      for (const value of Object.values(valueSamples())) {
        const stored = codec.encode(value);
        expect(stored.heldBytes).toBeGreaterThan(0);
        expect(measureStored(stored.kind, stored.data)).toBe(stored.heldBytes);
        expect(stored.storedBytes).toBeLessThanOrEqual(stored.originalBytes);
      }
    });

    it.each([
      ['value', () => 1],
      ['value', Symbol('s')],
      ['value.items[3].onClick', { items: [0, 1, 2, { onClick: () => 1 }] }],
      ['value.byName.get("x")', { byName: new Map<string, unknown>([['x', Symbol('s')]]) }],
      ['value.byName.key(0)', { byName: new Map<unknown, unknown>([[() => 1, 1]]) }],
      ['value.tags{2}', { tags: new Set<unknown>([0, 1, () => 1]) }],
      ['value["odd name"]', { 'odd name': () => 1 }],
      ['value.cause.retry', new Error('x', { cause: { retry: () => 1 } })],
      ['value.later', { later: Promise.resolve(1) }],
      ['value.proxy', { proxy: new Proxy({}, {}) }],
      ['value.weak', { weak: new WeakMap() }],
      ['value.shared', { shared: new SharedArrayBuffer(1) }],
    ])('refuses what cannot be stored at %s', (path, value) => {
      expect(() => makeCodec().encode(value)).toThrow(InvalidValueError);
      expect(() => makeCodec().encode(value)).toThrow(expect.objectContaining({ path, code: 'CACHE_INVALID_VALUE' }));
    });
  });
}

/** Sample errors are made anew for each comparison, so their traces differ by place. */
function stackless(value: unknown): unknown {
  if (value instanceof Error || Object.prototype.toString.call(value) === '[object Error]') {
    const error = value as Error & { errors?: unknown[] };
    error.stack = 'trace';
    stackless(error.cause);
    error.errors?.forEach(stackless);
  }
  return value;
}
