import { assembleCache } from './cache-assembly.js';
import { StoredKind, type StoredValue } from './codec/value-codec.js';
import { resolveAttributes } from './entry/entry-attributes.js';
import { auditStore } from './entry/store-audit.js';
import type { EnhancedCacheOptions } from './options/options.js';
import { resolveOptions } from './options/resolve-options.js';
import { FakeClock } from './ports/fake-clock.js';

function assemble(options: EnhancedCacheOptions = {}) {
  const clock = new FakeClock();
  const none = () => {
    throw new Error('not asked for in this test');
  };
  const reports = { getStats: none, getAnalytics: none, getMemoryUsage: none };
  return { clock, ...assembleCache(resolveOptions({ clock, ...options }), reports, none) };
}

const defaults = () => resolveAttributes(undefined, Infinity);

describe('CacheCore', () => {
  it.each([
    ['a short frame', new Map([['k', 'v']])],
    ['a long frame', new Map([['k', Array.from({ length: 2000 }, (_, i) => `${i * 7919}`)]])],
    ['a compressed text', 'compress me '.repeat(1000)],
  ])('takes %s with a flipped bit for a miss, drops the entry and says so', (_what, value) => {
    const { core, store, counters, events } = assemble();
    const errors: string[] = [];
    events.on('error', ({ operation, key }) => errors.push(`${operation} ${key}`));
    core.write('k', value, defaults);
    const slot = store.find('k');
    expect(store.table.kind(slot)).toBe(StoredKind.FRAME);
    store.table.data[slot] = withFlippedBit(store.table.data[slot]);
    expect(core.read('k')).toBeUndefined();
    expect(store.find('k')).toBe(-1);
    expect(counters).toMatchObject({ hits: 0, misses: 1, corruptEntries: 1, deletes: 0 });
    expect(errors).toEqual(['decode k']);
    expect(auditStore(store)).toEqual([]);
  });

  it('charges no more than it holds, whatever is written over what', () => {
    const { core, store } = assemble({ compressionLevel: 1 });
    for (const value of ['short', 'long '.repeat(5000), new Date(), Buffer.alloc(10_000), 7, { a: [1, { b: 2 }] }]) {
      core.write('k', value, () => resolveAttributes({ tags: ['a', 'b'], metadata: { n: 1 } }, Infinity));
      expect(auditStore(store)).toEqual([]);
    }
    core.delete('k');
    expect([store.bytes, store.ledger.originalBytes, store.ledger.storedBytes]).toEqual([0, 0, 0]);
  });

  it('reports a drift of its accounting', () => {
    const { core, store } = assemble();
    core.write('k', 'value', () => resolveAttributes({ tags: ['t'] }, Infinity));
    const stored = core.storedAt(store.find('k')) as StoredValue;
    store.table.replaceStored(store.find('k'), stored, store.table.weight(store.find('k')) + 1);
    expect(auditStore(store)).toEqual([expect.stringMatching(/^weight of "k": tracked \d+, derived \d+$/)]);
  });

  it('asks nothing of tags on a hit unless an invalidation is pending', () => {
    const { core, store } = assemble();
    core.write('k', 1, () => resolveAttributes({ tags: ['t'] }, Infinity));
    const asked: number[] = [];
    const { fateOf } = store.tags;
    store.tags.fateOf = (slot) => {
      asked.push(slot);
      return fateOf.call(store.tags, slot);
    };
    core.read('k');
    expect(asked).toEqual([]);
  });
});

function withFlippedBit(data: unknown): unknown {
  if (typeof data === 'string') {
    const at = data.length >> 1;
    return data.slice(0, at) + String.fromCharCode(data.charCodeAt(at) ^ 4) + data.slice(at + 1);
  }
  const bytes = Buffer.from(data as Uint8Array);
  bytes[bytes.length >> 1] ^= 4;
  return bytes;
}
