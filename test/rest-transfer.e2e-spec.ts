import { gzipSync } from 'node:zlib';
import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, startRestApp } from './support/rest-api.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };

describe.each(PLATFORMS)('moving entries by the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  beforeEach(() => rest.cache.clear());
  afterAll(() => rest.close());

  const exported = (query: string) => rest.call('GET', `${API}/export?${query}`);
  const imported = (raw: string | Buffer, headers = {}) => rest.call('POST', `${API}/import`, { raw, headers });
  const fill = () =>
    rest.cache.mset([
      { key: 'user:1', value: { userName: 'Ada' }, ttl: 600, tags: ['users'], metadata: { sourceSystem: 'crm' } },
      { key: 'when', value: new Date(0), ttl: null },
    ]);

  describe('POST /warm-up', () => {
    const warmUp = (body: unknown) => rest.call('POST', `${API}/warm-up`, { body });

    it('stores values by their keys, with one lifetime and tags for all', async () => {
      const { status, body } = await warmUp({ data: { a: 1, b: { c: 2 } }, ttl: '5m', tags: ['warm'] });
      expect([status, Object.keys(body)]).toEqual([200, ['success', 'failed', 'total_size', 'errors']]);
      expect(body).toMatchObject({ success: 2, failed: 0, errors: [] });
      expect(body.total_size).toBeGreaterThan(0);
      expect(await rest.cache.get('b')).toEqual({ c: 2 });
      expect(await rest.cache.ttl('a')).toBeLessThanOrEqual(300);
      expect(await rest.cache.getEntriesByTag('warm')).toHaveLength(2);
    });

    it('stores entries with what belongs to each, and tells which could not be stored', async () => {
      const { status, body } = await warmUp({
        entries: [
          { key: 'own', value: 1, ttl: 10, tags: ['own'] },
          { key: 'bad', value: 1, ttl: -1 },
          { key: '', value: 1 },
          { key: 'default', value: null },
        ],
        ttl: 50,
      });
      expect(status).toBe(200);
      expect(body).toMatchObject({ success: 2, failed: 2 });
      expect(body.errors.map(({ key }: { key: string }) => key)).toEqual(['bad', '']);
      expect(body.errors[0].message).toMatch(/^ttl: expected seconds > 0/);
      expect(await rest.cache.ttl('own')).toBeLessThanOrEqual(10);
      expect(await rest.cache.ttl('default')).toBeGreaterThan(10);
    });
  });

  describe('GET /export', () => {
    it('answers one JSON document, without values unless asked', async () => {
      await fill();
      const { status, headers, body } = await exported('');
      expect(status).toBe(200);
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(Object.keys(body)).toEqual([
        'version',
        'exported_at',
        'entries',
        'statistics',
        'analytics',
        'memory_usage',
      ]);
      expect(body.entries.map(({ key }: { key: string }) => key).sort()).toEqual(['user:1', 'when']);
      expect(Object.keys(body.entries[0]).sort()).toEqual(
        (
          'access_count compressed_size compression_ratio cost created_at expires_at key last_accessed metadata ' +
          'priority size_bytes tags'
        ).split(' '),
      );
    });

    it('streams NDJSON: a header, then an entry a line', async () => {
      await fill();
      const { status, headers, text } = await exported('values=true&format=ndjson');
      expect([status, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'application/x-ndjson',
        'no-store',
      ]);
      const [header, ...entries] = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(header).toMatchObject({ version: 1, format: 'ndjson' });
      expect(entries.map(({ key }) => key).sort()).toEqual(['user:1', 'when']);
    });
  });

  describe('POST /import', () => {
    it.each(['json', 'ndjson'])('brings back what was exported as %s', async (format) => {
      await fill();
      const { text, headers } = await exported(`values=true&format=${format}`);
      await rest.cache.clear();
      const { status, body } = await imported(text, { 'content-type': String(headers['content-type']) });
      expect([status, body]).toEqual([200, { imported: 2, skipped: 0, failed: 0, errors: [] }]);
      expect(await rest.cache.getEntry('user:1')).toMatchObject({
        value: { userName: 'Ada' },
        tags: ['users'],
        metadata: { sourceSystem: 'crm' },
      });
      const left = (await rest.cache.ttl('user:1')) ?? 0;
      expect(left).toBeGreaterThan(590);
      expect(left).toBeLessThanOrEqual(600);
      expect(await rest.cache.get('when')).toEqual(new Date(0));
      expect(await rest.cache.ttl('when')).toBeNull();
    });

    it('reads NDJSON that is larger than the limit of the body parser', async () => {
      const value = 'x'.repeat(10_000);
      for (let i = 0; i < 300; i++) await rest.cache.set(`k${i}`, value);
      const { text } = await exported('values=true&format=ndjson');
      expect(text.length).toBeGreaterThan(2 ** 21);
      await rest.cache.clear();
      expect((await imported(text, NDJSON)).body).toEqual({ imported: 300, skipped: 0, failed: 0, errors: [] });
    });

    it.each<[string, string | Buffer, object]>([
      ['no document', '[]', {}],
      ['an empty one', '{}', {}],
      ['another version', '{"version":999,"exported_at":"2026-01-15T00:00:00.000Z","entries":[]}', {}],
      ['entries that are none', '{"version":1,"exported_at":"2026-01-15T00:00:00.000Z","entries":{}}', {}],
      ['broken JSON', '{"version":1', {}],
      ['nothing', '', NDJSON],
      ['a first line that is no header', '{"key":"a","value":1}\n{"key":"b","value":1}\n', NDJSON],
      ['a first line that is no JSON', 'version 1\n{"key":"a","value":1}\n', NDJSON],
      ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x0a]), NDJSON],
    ])('answers 400 to %s and changes nothing', async (_name, raw, headers) => {
      await rest.cache.set('kept', 1);
      const before = rest.cache.getStats().sets;
      const { status, body } = await imported(raw, headers);
      expect([status, body.statusCode]).toEqual([400, 400]);
      expect(rest.cache.getStats().sets).toBe(before);
      expect(await rest.cache.get('kept')).toBe(1);
    });

    it('counts lines that cannot be read and takes the others', async () => {
      await fill();
      const [header, ...entries] = (await exported('values=true&format=ndjson')).text.split('\n');
      await rest.cache.clear();
      const { body } = await imported([header, '{"key":"a","value":', ...entries].join('\n'), NDJSON);
      expect(body).toMatchObject({ imported: 2, failed: 1, errors: [{ key: 'line 2' }] });
    });

    it('answers 415 to other types and to compressed NDJSON', async () => {
      const csv = await imported('a,b', { 'content-type': 'text/csv' });
      expect(csv.status).toBe(415);
      const gzip = await imported(gzipSync('{}'), { ...NDJSON, 'content-encoding': 'gzip' });
      expect([gzip.status, gzip.body.message]).toEqual([
        415,
        expect.stringMatching(/^content-encoding: expected none/),
      ]);
    });
  });
});
