import { Readable } from 'node:stream';
import fc from 'fast-check';
import { FakeSnapshotCache } from '../../../test/fakes/fake-snapshot-cache.js';
import { CacheClosedError, ImportError } from '../errors.js';
import { FakeClock } from '../ports/fake-clock.js';
import { MAX_STEPS_PER_SLICE } from '../slices.js';
import { exportDocument } from './export-document.js';
import { importSnapshot } from './import.js';
import { exportNdjson } from './ndjson.js';

const EXPORTED_AT = Date.UTC(2026, 0, 1);
const iso = (afterMs: number) => new Date(EXPORTED_AT + afterMs).toISOString();

function setUp() {
  const clock = new FakeClock({ wallNow: EXPORTED_AT });
  return { clock, cache: new FakeSnapshotCache(clock) };
}

function documentOf(entries: unknown, header: object = {}) {
  return { version: 1, exported_at: iso(0), entries, ...header };
}

function entryOf(key: string, fields: object = {}) {
  return { key, value: 'value', expires_at: null, ...fields };
}

function ndjsonOf(...entries: object[]): string {
  return [{ version: 1, exported_at: iso(0) }, ...entries].map((line) => JSON.stringify(line)).join('\n');
}

/** An equal text as chunks of `size` characters or bytes. */
async function* chunked<C extends { length: number; slice(from: number, to: number): C }>(text: C, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

describe('importSnapshot', () => {
  const document = documentOf([entryOf('a'), entryOf('ü')]);
  const json = JSON.stringify(document);
  const pretty = JSON.stringify(document, null, 2);
  const ndjson = ndjsonOf(entryOf('a'), entryOf('ü'));
  it.each<[string, () => unknown]>([
    ['a document', () => document],
    ['JSON text', () => json],
    ['indented JSON text', () => pretty],
    ['JSON text with a byte order mark', () => `\uFEFF${json}`],
    ['JSON bytes', () => Buffer.from(json)],
    ['NDJSON text', () => ndjson],
    ['NDJSON bytes', () => new TextEncoder().encode(ndjson)],
    ['NDJSON with CRLF', () => ndjson.replaceAll('\n', '\r\n')],
    ['a stream of JSON bytes', () => Readable.from(chunked(Buffer.from(pretty), 3), { objectMode: false })],
    ['an async iterable of JSON text', () => chunked(json, 5)],
    ['a stream of NDJSON bytes', () => Readable.from(chunked(Buffer.from(ndjson), 7), { objectMode: false })],
    ['an async iterable of NDJSON text', () => chunked(ndjson, 5)],
  ])('takes %s', async (_, source) => {
    const { clock, cache } = setUp();
    expect(await importSnapshot(source(), cache, clock)).toEqual({ imported: 2, skipped: 0, failed: 0, errors: [] });
    expect([...cache.entries.keys()]).toEqual(['a', 'ü']);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'source: expected'],
    ['a number', 7, 'source: expected'],
    ['an array', [], 'source: expected'],
    ['an empty text', ' \n', 'document: expected JSON'],
    ['a text that is not JSON', 'hello\nworld', 'document: not JSON'],
    ['a JSON text that is no object', '[1]', 'document: expected an object'],
    ['a truncated JSON text', json.slice(0, -1), 'document: not JSON'],
    ['a JSON text with something behind it', `${json}\n{}`, 'document: not JSON'],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0xff]), 'document: line 1'],
    ['another version', documentOf([], { version: 999 }), 'version: expected 1, received 999'],
    ['the version as text', documentOf([], { version: '1' }), 'version: expected 1, received "1"'],
    ['an object of something else', {}, 'version: expected 1, received undefined'],
    ['no entries', { version: 1, exported_at: iso(0) }, 'entries: expected an array'],
    ['entries that are no array', documentOf({ a: 1 }), 'entries: expected an array'],
    ['a moment that is none', documentOf([], { exported_at: 'yesterday' }), 'exported_at: expected a time'],
    ['a report that is none', documentOf([], { statistics: 'good' }), 'statistics: expected an object'],
    ['an unknown field', documentOf([], { extra: 1 }), '"extra": not a field of an export'],
    ['an own __proto__', JSON.parse('{"version":1,"__proto__":{}}'), '"__proto__": not a field'],
    ['an NDJSON header of another version', '{"version":2}\n{"key":"a"}', 'version: expected 1, received 2'],
    ['an NDJSON header alone of another version', '{"format":"ndjson"}', 'version: expected 1'],
  ])('refuses %s and changes nothing', async (_, source, message) => {
    const { clock, cache } = setUp();
    cache.put('before', 'kept');
    const importing = importSnapshot(source, cache, clock);
    await expect(importing).rejects.toThrow(ImportError);
    await expect(importing).rejects.toThrow(message);
    expect([...cache.entries.keys()]).toEqual(['before']);
  });

  it.each<[string, unknown, string, string]>([
    ['no object', 7, 'entries[1]', 'entry: expected an object'],
    ['no key', { value: 1 }, 'entries[1]', 'key: expected a string, received undefined'],
    ['an unknown field', entryOf('bad', { tag: 'x' }), 'bad', '"tag": not a field of an export'],
    ['an own __proto__', JSON.parse('{"key":"bad","value":1,"__proto__":{}}'), 'bad', '"__proto__": not a field'],
    ['no expiry', { key: 'bad', value: 1 }, 'bad', 'expires_at: expected a time in ISO 8601 or null'],
    ['an expiry that is none', entryOf('bad', { expires_at: '2026-13-45T00:00:00Z' }), 'bad', 'expires_at: expected'],
    ['a creation that is none', entryOf('bad', { created_at: 5 }), 'bad', 'created_at: expected a time'],
    ['a huge count', entryOf('bad', { access_count: 1e308 }), 'bad', 'access_count: expected an integer'],
    ['a notation that is none', entryOf('bad', { value_type: 'v8' }), 'bad', 'value_type: expected'],
    ['a million tags', entryOf('bad', { tags: Array(1e6).fill('t') }), 'bad', 'tags: expected at most 64'],
    ['tags that are none', entryOf('bad', { tags: 'x' }), 'bad', 'tags: expected an array'],
    ['a priority out of bounds', entryOf('bad', { priority: 101 }), 'bad', 'priority: expected an integer'],
    ['a negative cost', entryOf('bad', { cost: -1 }), 'bad', 'cost: expected'],
    ['metadata that is none', entryOf('bad', { metadata: [] }), 'bad', 'metadata: expected'],
    ['a value that the cache refuses', entryOf('refused'), 'refused', 'refused by the fake'],
  ])('counts an entry with %s as failed and imports the rest', async (_, bad, key, message) => {
    const { clock, cache } = setUp();
    const result = await importSnapshot(documentOf([entryOf('a'), bad, entryOf('z')]), cache, clock);
    expect(result).toMatchObject({ imported: 2, skipped: 0, failed: 1 });
    expect(result.errors).toEqual([{ key, message: expect.stringContaining(message) }]);
    expect([...cache.entries.keys()]).toEqual(['a', 'z']);
  });

  it('counts lines of NDJSON that are no entries, by their number, and imports the rest', async () => {
    const { clock, cache } = setUp();
    const result = await importSnapshot(
      `${ndjsonOf(entryOf('a'))}\n{"key":\n[]\n${JSON.stringify(entryOf('z'))}`,
      cache,
      clock,
    );
    expect(result).toMatchObject({ imported: 2, failed: 2 });
    expect(result.errors.map(({ key }) => key)).toEqual(['line 3', 'line 4']);
  });

  it('tells the first 100 failures and a bounded part of their keys', async () => {
    const { clock, cache } = setUp();
    const bad = Array.from({ length: 150 }, (_, index) => entryOf(`${index}${'k'.repeat(1000)}`, { cost: -1 }));
    const result = await importSnapshot(documentOf(bad), cache, clock);
    expect(result.failed).toBe(150);
    expect(result.errors).toHaveLength(100);
    expect(result.errors[0].key.length).toBeLessThan(300);
  });

  it('survives nesting as deep as JSON can be', async () => {
    const { clock, cache } = setUp();
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const entry = `{"key":"deep","value":"v","expires_at":null,"metadata":{"a":${deep}}}`;
    const result = await importSnapshot(`{"version":1,"exported_at":"${iso(0)}","entries":[${entry}]}`, cache, clock);
    expect(result).toMatchObject({ imported: 0, failed: 1 });
  });

  it('keeps what remained of a lifetime, whatever the two clocks say', async () => {
    const { clock, cache } = setUp();
    const source = documentOf([entryOf('a', { expires_at: iso(60_000) })]);
    clock.stepWall(20_000);
    await importSnapshot(source, cache, clock);
    expect(cache.entries.get('a')?.expiresAt?.getTime()).toBe(clock.wallNow() + 60_000);
    clock.stepWall(-3_600_000);
    await importSnapshot(source, cache, clock);
    expect(cache.entries.get('a')?.expiresAt?.getTime()).toBe(clock.wallNow() + 60_000);
  });

  it('skips entries without a value, those whose time is over, and those that an invalidation overtook', async () => {
    const { clock, cache } = setUp();
    clock.stepWall(1000);
    const source = documentOf([
      { key: 'no value', expires_at: null },
      entryOf('over at the export', { expires_at: iso(0) }),
      entryOf('over in the meantime', { expires_at: iso(1000) }),
      entryOf('invalidated'),
      entryOf('alive', { expires_at: iso(1001) }),
    ]);
    expect(await importSnapshot(source, cache, clock)).toMatchObject({ imported: 1, skipped: 4, failed: 0 });
    expect([...cache.entries.keys()]).toEqual(['alive']);
  });

  it('keeps the later of two entries with one key', async () => {
    const { clock, cache } = setUp();
    const twice = [entryOf('a', { value: 'first' }), entryOf('a', { value: 'second' })];
    expect(await importSnapshot(documentOf(twice), cache, clock)).toMatchObject({ imported: 1, skipped: 1 });
    expect(cache.entries.get('a')?.value).toBe('second');
    await importSnapshot(ndjsonOf(...twice), cache, clock);
    expect(cache.entries.get('a')?.value).toBe('second');
  });

  it('moves times that lie in the future of this host to now', async () => {
    const { clock, cache } = setUp();
    await importSnapshot(
      documentOf([entryOf('a', { created_at: iso(5000), last_accessed: iso(-5000) })]),
      cache,
      clock,
    );
    expect(cache.entries.get('a')).toMatchObject({ createdAt: new Date(iso(0)), lastAccessed: new Date(iso(-5000)) });
  });

  it('lets the loop turn between slices', async () => {
    const { clock, cache } = setUp();
    const count = 2 * MAX_STEPS_PER_SLICE;
    const entries = Array.from({ length: count }, (_, index) => entryOf(`key:${index}`));
    const running = importSnapshot(ndjsonOf(...entries), cache, clock);
    await new Promise(setImmediate);
    expect(cache.entries.size).toBeLessThan(count);
    expect((await running).imported).toBe(count);
  });

  it('writes nothing of a document before all of it was judged', async () => {
    const { clock, cache } = setUp();
    const entries = Array.from({ length: 2 * MAX_STEPS_PER_SLICE }, (_, index) => entryOf(`key:${index}`));
    const running = importSnapshot(documentOf(entries), cache, clock);
    await new Promise(setImmediate);
    expect(cache.entries.size).toBe(0);
    await running;
  });

  it('stops where the cache is closed', async () => {
    const { clock, cache } = setUp();
    cache.write = () => {
      throw new CacheClosedError();
    };
    await expect(importSnapshot(documentOf([entryOf('a')]), cache, clock)).rejects.toThrow(CacheClosedError);
  });

  it('closes a stream that is not an export', async () => {
    const { clock, cache } = setUp();
    const source = Readable.from(chunked(Buffer.from(`{"version":2}\n`.repeat(100)), 14), { objectMode: false });
    await expect(importSnapshot(source, cache, clock)).rejects.toThrow(ImportError);
    expect(source.destroyed).toBe(true);
  });
});

describe('an export that is imported', () => {
  const date = fc.date({ min: new Date(EXPORTED_AT - 1e10), max: new Date(EXPORTED_AT), noInvalidDate: true });
  const stored = fc.record({
    value: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.boolean(),
      fc.anything({ withDate: true, withMap: true, withBigInt: true }),
    ),
    createdAt: date,
    lastAccessed: date,
    expiresAt: fc.option(
      fc.date({ min: new Date(EXPORTED_AT + 1), max: new Date(EXPORTED_AT + 1e10), noInvalidDate: true }),
    ),
    accessCount: fc.nat(),
    tags: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 10 }), { maxLength: 5 }),
    priority: fc.integer({ min: -100, max: 100 }),
    cost: fc.double({ min: 0, max: 1e6, noNaN: true }).map((cost) => cost + 0),
    metadata: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
  });
  const caches = fc.dictionary(
    fc.string({ minLength: 1 }).filter((key) => key !== 'refused' && key !== 'invalidated'),
    stored,
  );

  it.each(['json', 'ndjson'] as const)('gives the same entries back (%s)', async (format) => {
    await fc.assert(
      fc.asyncProperty(caches, async (entries) => {
        const { clock, cache } = setUp();
        for (const [key, { value, ...info }] of Object.entries(entries)) cache.put(key, value, info);
        const copy = new FakeSnapshotCache(clock);
        const exported =
          format === 'json'
            ? JSON.stringify(await exportDocument(cache, clock, true))
            : exportNdjson(cache, clock, true);
        const result = await importSnapshot(exported, copy, clock);
        expect(result).toEqual({ imported: cache.entries.size, skipped: 0, failed: 0, errors: [] });
        expect(copy.entries).toEqual(cache.entries);
      }),
      { seed: 13, numRuns: 60 },
    );
  });
});
