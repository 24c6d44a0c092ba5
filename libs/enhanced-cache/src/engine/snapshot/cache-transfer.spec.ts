import { type Readable } from 'node:stream';
import { EnhancedCache } from '../enhanced-cache.js';
import { ImportError } from '../errors.js';
import type { EnhancedCacheOptions } from '../options/options.js';
import { FakeClock } from '../ports/fake-clock.js';

class User {
  constructor(
    readonly name: string,
    readonly born: Date,
  ) {}
}

function cacheWithClock(options: EnhancedCacheOptions = {}) {
  const clock = new FakeClock();
  return { clock, cache: new EnhancedCache({ clock, types: [User], ...options }) };
}

const VALUES: Record<string, unknown> = {
  json: { a: [1, 'two', null, true] },
  null: null,
  date: new Date(5),
  map: new Map([['k', new Set([1n, NaN])]]),
  buffer: Buffer.from('bytes'),
  typed: new Float32Array([1.5, -0]),
  user: new User('Ada', new Date('1815-12-10')),
};

describe('CacheTransfer', () => {
  it.each([
    ['json', (exported: unknown) => exported],
    ['json', (exported: unknown) => JSON.stringify(exported)],
    ['json', (exported: unknown) => Buffer.from(JSON.stringify(exported))],
    ['ndjson', (exported: unknown) => exported],
  ] as const)(
    'brings every kind of value, with its history, from one cache into another (%s, %p)',
    async (format, carry) => {
      const from = cacheWithClock();
      for (const [key, value] of Object.entries(VALUES)) {
        await from.cache.set(key, value, { ttl: 100, tags: ['all', key], priority: 7, cost: 3, metadata: { key } });
      }
      await from.cache.set('for ever', 1, null);
      from.clock.advance(40_000);
      await from.cache.get('json');
      const exported = await from.cache.exportCacheData({ values: true, format });

      const to = cacheWithClock();
      to.clock.advance(1_000_000);
      to.clock.stepWall(-960_000);
      expect(await to.cache.importCacheData(carry(exported))).toEqual({
        imported: 8,
        skipped: 0,
        failed: 0,
        errors: [],
      });
      for (const key of [...Object.keys(VALUES), 'for ever']) {
        expect(await to.cache.getEntry(key)).toEqual(await from.cache.getEntry(key));
      }
      expect(await to.cache.ttl('json')).toBe(60);
      expect((await to.cache.get<User>('user'))?.constructor).toBe(User);
      expect(await to.cache.deleteByTags(['all'])).toBe(7);
      expect(to.cache.verifyAccounting()).toEqual([]);
    },
  );

  it('leaves values out unless they are asked for', async () => {
    const { cache } = cacheWithClock();
    await cache.set('k', 'secret');
    const exported = (await cache.exportCacheData()) as { entries: object[] };
    expect(exported.entries).toHaveLength(1);
    expect(JSON.stringify(exported)).not.toContain('secret');
  });

  it('exports nothing that is dead or expired', async () => {
    const { cache, clock } = cacheWithClock();
    for (let i = 0; i < 200; i++) await cache.set(`dead ${i}`, 1, { tags: ['t'] });
    await cache.set('expired', 1, '10ms');
    await cache.set('live', 1);
    clock.advance(10);
    void cache.deleteByTags(['t']);
    const { entries } = (await cache.exportCacheData()) as { entries: { key: string }[] };
    expect(entries.map(({ key }) => key)).toEqual(['live']);
  });

  it('refuses what is not an export and changes nothing', async () => {
    const { cache } = cacheWithClock();
    await cache.set('k', 1);
    for (const source of [{}, '[]', 'not json', { version: 999, exported_at: 'now', entries: [] }, 7, null]) {
      await expect(cache.importCacheData(source)).rejects.toThrow(ImportError);
    }
    expect(await cache.get('k')).toBe(1);
    expect(cache.getStats().entryCount).toBe(1);
  });

  it('counts entries that this cache cannot take, and imports the rest', async () => {
    const from = cacheWithClock();
    await from.cache.set('x'.repeat(300), 1);
    await from.cache.set('big', 'y'.repeat(500_000));
    await from.cache.set('fine', 1);
    const exported = await from.cache.exportCacheData({ values: true });
    const { cache } = cacheWithClock({ maxKeyLength: 200, maxMemoryMb: 1, compressionLevel: 0 });
    const result = await cache.importCacheData(exported);
    expect(result).toMatchObject({ imported: 1, failed: 2 });
    expect(result.errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('at most 200 characters'),
      expect.stringContaining('the limit for one entry'),
    ]);
  });

  it.each<[string, (cache: EnhancedCache) => unknown, string[]]>([
    ['delete', (cache) => cache.delete('late'), ['other']],
    ['deleteByTags', (cache) => cache.deleteByTags(['t']), ['other']],
    ['clear', (cache) => cache.clear(), []],
  ])('keeps an entry out that a %s overtook while the import was running', async (_what, invalidate, left) => {
    const from = cacheWithClock();
    await from.cache.set('late', 'old', { tags: ['t'] });
    await from.cache.set('other', 'value');
    const text = JSON.stringify(await from.cache.exportCacheData({ values: true }));
    const lines = await ndjson(from.cache);
    expect(text).toContain('late');
    const { cache } = cacheWithClock();
    async function* source() {
      yield `${lines[0]}\n`;
      await invalidate(cache);
      for (const line of lines.slice(1)) yield `${line}\n`;
    }
    const result = await cache.importCacheData(source());
    expect(result).toMatchObject({ imported: left.length, skipped: 2 - left.length });
    expect((await cache.listEntries()).entries.map(({ key }) => key)).toEqual(left);
  });

  it('warms up from objects, maps and streams of entries, and reports what cannot be stored', async () => {
    const { cache } = cacheWithClock();
    expect(await cache.warmUp({ a: 'one', b: 'two' }, { ttl: 60, tags: ['warm'] })).toEqual({
      success: 2,
      failed: 0,
      totalSize: 6,
      errors: [],
    });
    expect(await cache.ttl('a')).toBe(60);
    const result = await cache.warmUp([
      { key: 'c', value: new Map(), priority: 9 },
      { key: '', value: 1 },
      { key: 'd', value: () => 1 },
    ]);
    expect(result).toMatchObject({ success: 1, failed: 2 });
    expect(result.errors.map(({ key }) => key)).toEqual(['', 'd']);
    expect((await cache.getEntry('c'))?.priority).toBe(9);
  });

  it('lets whoever deletes or sets meanwhile win over a warm-up', async () => {
    const { cache } = cacheWithClock();
    async function* source() {
      yield { key: 'first', value: 1 };
      await cache.delete('deleted');
      await cache.set('set', 'newer');
      yield { key: 'deleted', value: 'stale' };
      yield { key: 'set', value: 'stale' };
    }
    expect(await cache.warmUp(source())).toMatchObject({ success: 1, failed: 2 });
    expect([await cache.get('first'), await cache.get('deleted'), await cache.get('set')]).toEqual([
      1,
      undefined,
      'newer',
    ]);
  });

  it('takes nothing in once it is closed', async () => {
    const { cache } = cacheWithClock();
    await cache.close();
    await expect(cache.warmUp({ a: 1 })).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
    await expect(cache.importCacheData({})).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
  });
});

async function ndjson(cache: EnhancedCache): Promise<string[]> {
  const stream = (await cache.exportCacheData({ values: true, format: 'ndjson' })) as Readable;
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text.trimEnd().split('\n');
}
