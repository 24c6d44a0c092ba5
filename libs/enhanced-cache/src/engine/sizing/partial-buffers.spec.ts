import { partialBuffers } from './partial-buffers.js';

describe('partialBuffers', () => {
  it('finds the buffers behind views that do not cover them, at any depth, each once', () => {
    const [whole, part] = [new ArrayBuffer(100), new ArrayBuffer(100)];
    const view = new Uint8Array(part, 10, 5);
    const value: Record<string, unknown> = {
      whole: new Uint8Array(whole),
      list: [view, { again: new DataView(part, 0, 4) }],
      map: new Map<unknown, unknown>([[view, new Set([Buffer.from('pooled')])]]),
      error: Object.assign(new Error('with bytes'), { cause: view }),
    };
    value.self = value;
    const found = partialBuffers(value);
    expect(found).toHaveLength(2);
    expect(found).toContain(part);
    expect(found).not.toContain(whole);
    expect(found.map((buffer) => buffer.byteLength).sort((a, b) => a - b)).toEqual([100, Buffer.poolSize]);
  });

  it('finds none where there is nothing to share', () => {
    expect(partialBuffers({ a: 1, b: [new Float64Array(4), 'text', null] })).toEqual([]);
    expect(partialBuffers(new ArrayBuffer(8))).toEqual([]);
  });
});
