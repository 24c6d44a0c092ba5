import { FakeSnapshotCache } from '../../../test/fakes/fake-snapshot-cache.js';
import { FakeClock } from '../ports/fake-clock.js';
import { MAX_STEPS_PER_SLICE } from '../slices.js';
import { exportDocument } from './export-document.js';

function setUp() {
  const clock = new FakeClock({ wallNow: Date.UTC(2026, 0, 2) });
  return { clock, cache: new FakeSnapshotCache(clock) };
}

describe('exportDocument', () => {
  it('writes an entry with all that is known of it, on the wire names of the contract', async () => {
    const { clock, cache } = setUp();
    cache.put('user:1', 'Ada', {
      createdAt: new Date(Date.UTC(2026, 0, 1)),
      expiresAt: new Date(Date.UTC(2026, 0, 3)),
      lastAccessed: new Date(Date.UTC(2026, 0, 1, 12)),
      accessCount: 7,
      tags: ['user'],
      priority: -5,
      cost: 0.25,
      metadata: { sourceName: 'db' },
    });
    const document = await exportDocument(cache, clock, true);
    expect(Object.keys(document)).toEqual([
      'version',
      'exported_at',
      'entries',
      'statistics',
      'analytics',
      'memory_usage',
    ]);
    expect(document.exported_at).toBe('2026-01-02T00:00:00.000Z');
    expect(document.entries).toEqual([
      {
        key: 'user:1',
        value: 'Ada',
        created_at: '2026-01-01T00:00:00.000Z',
        expires_at: '2026-01-03T00:00:00.000Z',
        last_accessed: '2026-01-01T12:00:00.000Z',
        access_count: 7,
        tags: ['user'],
        priority: -5,
        cost: 0.25,
        metadata: { sourceName: 'db' },
        size_bytes: 10,
        compressed_size: 5,
        compression_ratio: 0.5,
      },
    ]);
  });

  it('carries the reports in snake_case', async () => {
    const { clock, cache } = setUp();
    const document = await exportDocument(cache, clock, false);
    expect(document.statistics).toMatchObject({ hit_rate: 0, cache_efficiency_score: 0, max_memory_mb: 0.001 });
    expect(document.analytics).toEqual({ enabled: false });
    expect(document.memory_usage).toMatchObject({ total_entries: 0, memory_utilization_percent: 0 });
  });

  it('leaves the values out unless they are asked for', async () => {
    const { clock, cache } = setUp();
    cache.put('secret', 'value');
    const [entry] = (await exportDocument(cache, clock, false)).entries;
    expect(entry).not.toHaveProperty('value');
    expect(entry).toMatchObject({ key: 'secret', expires_at: null, metadata: null });
  });

  it('says so where a value is not plain JSON', async () => {
    const { clock, cache } = setUp();
    cache.put('map', new Map([[1, 2]]));
    const [entry] = (await exportDocument(cache, clock, true)).entries;
    expect(entry).toMatchObject({ value: expect.any(String), value_type: 'typed' });
  });

  it('exports an entry whose value cannot leave the process without it, and reports that', async () => {
    const { clock, cache } = setUp();
    cache.put('fn', () => 1);
    cache.put('text', 'kept');
    const { entries } = await exportDocument(cache, clock, true);
    expect(entries.map((entry) => [entry.key, 'value' in entry])).toEqual([
      ['fn', false],
      ['text', true],
    ]);
    expect(cache.valueErrors).toEqual(['fn']);
  });

  it('names the last possible moment where an expiry is beyond what a date can be', async () => {
    const { clock, cache } = setUp();
    cache.put('aeons', 'value', { expiresAt: new Date(NaN) });
    const [entry] = (await exportDocument(cache, clock, false)).entries;
    expect(entry.expires_at).toBe('+275760-09-13T00:00:00.000Z');
  });

  it('works in slices, and exports each entry once that was there from the beginning and still is', async () => {
    const { clock, cache } = setUp();
    const count = 2 * MAX_STEPS_PER_SLICE;
    for (let index = 0; index < count; index++) cache.put(`key:${index}`, 'before');
    const exporting = exportDocument(cache, clock, true);
    await new Promise(setImmediate);
    expect(cache.reads).toBeLessThan(count);
    cache.entries.delete(`key:${count - 1}`);
    cache.put(`key:${count - 2}`, 'overwritten');
    cache.put('newcomer', 'after');
    const { entries } = await exporting;
    const byKey = new Map(entries.map((entry) => [entry.key, entry.value]));
    expect(entries).toHaveLength(count - 1);
    expect(byKey.size).toBe(count - 1);
    expect(byKey.get(`key:${count - 2}`)).toBe('overwritten');
    expect(byKey.has('newcomer')).toBe(false);
  });
});
