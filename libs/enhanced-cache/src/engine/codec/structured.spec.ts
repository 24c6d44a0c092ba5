import { difference } from '../../../test/support/same-value.js';
import { deserialize, serialize } from './structured.js';

describe('structured copies', () => {
  it('bring back views by their own bytes, aligned or not', () => {
    const pool = new ArrayBuffer(64);
    const value = {
      odd: 'x',
      view: new Float64Array(pool, 8, 2).fill(1.5),
      bytes: Buffer.from('abc'),
      same: [pool, pool],
    };
    expect(difference(value, deserialize(serialize(value)))).toBeUndefined();
    expect(serialize(new Uint8Array(new ArrayBuffer(100_000), 0, 4)).byteLength).toBeLessThan(100);
  });

  it('hand out memory of their own: changing a result does not change what is serialized', () => {
    const bytes = serialize({ a: Buffer.from('abcdefgh'), b: new Float64Array([1]) });
    const first = deserialize(bytes) as { a: Buffer; b: Float64Array };
    first.a.fill(0);
    first.b.fill(0);
    expect(first.a.buffer.byteLength).toBe(8);
    expect(difference(deserialize(bytes), { a: Buffer.from('abcdefgh'), b: new Float64Array([1]) })).toBeUndefined();
  });

  it('refuse objects of native code', () => {
    expect(() => serialize({ port: new MessageChannel().port1 })).toThrow();
  });
});
