import { CodecError } from '../errors.js';
import { bytesOf, VIEW_TYPE_COUNT, viewFrom, viewTypeName, viewTypeNamed, viewTypeOf } from './view-types.js';

describe('view types', () => {
  it('know every type by number and by name, and give each its own', () => {
    for (let type = 1; type < VIEW_TYPE_COUNT; type++) {
      const view = viewFrom(type, new Uint8Array(16).fill(1));
      expect(viewTypeOf(view)).toBe(type);
      expect(viewTypeNamed(viewTypeName(type))).toBe(type);
      expect(bytesOf(view)).toEqual(Buffer.alloc(16, 1));
    }
  });

  it('take subclasses for their base', () => {
    class Hash extends Uint8Array {}
    expect(viewTypeName(viewTypeOf(new Hash(2)) ?? 0)).toBe('Uint8Array');
  });

  it('show only the part that a view covers, and copy it', () => {
    const source = new Uint8Array([1, 2, 3, 4]);
    const part = bytesOf(source.subarray(1, 3));
    expect([...part]).toEqual([2, 3]);
    const copy = viewFrom(viewTypeNamed('Uint8Array') ?? 0, part) as Uint8Array;
    source.fill(0);
    expect([...copy]).toEqual([2, 3]);
    expect(copy.buffer.byteLength).toBe(2);
  });

  it('refuse unknown types and broken elements', () => {
    for (const type of [0, VIEW_TYPE_COUNT, -1]) expect(() => viewFrom(type, new Uint8Array(8))).toThrow(CodecError);
    expect(() => viewFrom(viewTypeNamed('Float64Array') ?? 0, new Uint8Array(7))).toThrow(
      /whole elements of Float64Array/,
    );
    expect(viewTypeNamed('none')).toBeUndefined();
  });
});
