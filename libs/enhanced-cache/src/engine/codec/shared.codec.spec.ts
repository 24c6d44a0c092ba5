import { describeValueCodecContract } from '../../../test/contracts/value-codec.contract.js';
import { CodecError } from '../errors.js';
import { SharedCodec } from './shared.codec.js';
import { StoredKind } from './value-codec.js';

describe('SharedCodec', () => {
  describeValueCodecContract('shared', () => new SharedCodec());

  it('hands out the very object that was set, instances of any class included', () => {
    class User {}
    for (const value of [{ a: 1 }, new User(), new URL('http://localhost/'), new Map()]) {
      const { kind, data } = new SharedCodec().encode(value);
      expect(new SharedCodec().decode(kind, data)).toBe(value);
    }
  });

  it('counts what the object takes on the heap', () => {
    const stored = new SharedCodec().encode({ text: 'x'.repeat(10_000) });
    expect(stored.heldBytes).toBeGreaterThan(10_000);
    expect(stored.heldBytes).toBeLessThan(10_200);
  });

  it('does not take a form of another mode for a value', () => {
    expect(() => new SharedCodec().decode(StoredKind.JSON, '{}')).toThrow(CodecError);
  });
});
