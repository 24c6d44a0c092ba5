import type { EntryInfo } from '../engine/entry/entry-view.js';
import { entryToWire, foundEntryToWire, storedEntryToWire, toWire, wireSentence, wireTime } from './wire.js';

const entry: EntryInfo = {
  key: 'userName',
  createdAt: new Date(0),
  expiresAt: null,
  ttlRemaining: null,
  lastAccessed: new Date(1000),
  accessCount: 2,
  tags: ['teamName'],
  priority: 1,
  cost: 0.5,
  metadata: { sourceSystem: { innerName: 1 } },
  sizeBytes: 10,
  compressedSize: 5,
  compressionRatio: 0.5,
};

describe('toWire', () => {
  it('renames fields, not data', () => {
    const report = {
      topKeys: [{ key: 'userName', count: 1 }],
      accessPatterns: { 'userName:*': { hitRate: 1 } },
      accessTimePercentiles: { p999: 1 },
    };
    expect(toWire(report)).toEqual({
      top_keys: [{ key: 'userName', count: 1 }],
      access_patterns: { 'userName:*': { hit_rate: 1 } },
      access_time_percentiles: { p999: 1 },
    });
  });
});

describe('entries', () => {
  it('leave tags and metadata as they are', () => {
    expect(entryToWire(entry)).toEqual({
      key: 'userName',
      created_at: '1970-01-01T00:00:00.000Z',
      expires_at: null,
      ttl_remaining: null,
      last_accessed: '1970-01-01T00:00:01.000Z',
      access_count: 2,
      tags: ['teamName'],
      priority: 1,
      cost: 0.5,
      metadata: { sourceSystem: { innerName: 1 } },
      size_bytes: 10,
      compressed_size: 5,
      compression_ratio: 0.5,
    });
  });

  it('show their value where they were asked for it', () => {
    const shown = foundEntryToWire({ ...entry, value: 'in memory' }, { value: 'on the wire', value_type: 'typed' });
    expect(shown).toMatchObject({ value: 'on the wire', value_type: 'typed', metadata: entry.metadata });
    expect(foundEntryToWire({ ...entry, metadata: undefined, value: 1 }, { value: 1 })).toMatchObject({
      metadata: null,
    });
  });

  it('tell where a stored one has gone again', () => {
    expect(storedEntryToWire('a', entry)).toMatchObject({
      success: true,
      key: 'a',
      size_bytes: 10,
      compressed_size: 5,
    });
    expect(storedEntryToWire('a', undefined)).toEqual({
      success: false,
      key: 'a',
      expires_at: null,
      size_bytes: 0,
      compressed_size: 0,
    });
  });
});

describe('wireTime', () => {
  it('has an answer to times that no date can name', () => {
    expect(wireTime(new Date(8.64e15 + 1))).toBe('+275760-09-13T00:00:00.000Z');
  });
});

describe('wireSentence', () => {
  it.each([
    ['maxSize', 'max_size'],
    ['at most maxMemoryMb (100)', 'at most max_memory_mb (100)'],
    ['tags[3]', 'tags[3]'],
    ['UTF-8 and JSON', 'UTF-8 and JSON'],
  ])('spells %s as %s', (sentence, wire) => {
    expect(wireSentence(sentence)).toBe(wire);
  });
});
