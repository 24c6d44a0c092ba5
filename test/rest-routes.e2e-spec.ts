import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, startRestApp } from './support/rest-api.js';

const ENTRY_KEYS = [
  'access_count',
  'compressed_size',
  'compression_ratio',
  'cost',
  'created_at',
  'expires_at',
  'key',
  'last_accessed',
  'metadata',
  'priority',
  'size_bytes',
  'tags',
  'ttl_remaining',
];
const keysOf = (object: object): string[] => Object.keys(object).sort();
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe.each(PLATFORMS)('the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  beforeEach(() => rest.cache.clear());
  afterAll(() => rest.close());

  const get = (path: string) => rest.call('GET', `${API}${path}`);
  const post = (path: string, body?: unknown) => rest.call('POST', `${API}${path}`, { body });
  const del = (path: string, body?: unknown) => rest.call('DELETE', `${API}${path}`, { body });

  it('never lets an answer be kept by others', async () => {
    const answers = [
      await get('/stats'),
      await get('/get/absent'),
      await post('/set', { key: 1 }),
      await get('/export?format=ndjson'),
      await rest.call('GET', `${API}/stats`, { token: null }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 400, 200, 401]);
    for (const { headers } of answers) expect(headers['cache-control']).toBe('no-store');
  });

  describe('reports', () => {
    it('GET /stats answers every figure', async () => {
      await rest.cache.set('a', 1);
      const before = rest.cache.getStats();
      await rest.cache.get('a');
      await rest.cache.get('b');
      const { status, body } = await get('/stats');
      expect(status).toBe(200);
      expect(keysOf(body)).toEqual(
        (
          'average_access_time_ms cache_efficiency_score compressed_size compression_level compression_ratio ' +
          'corrupt_entries deletes entry_count eviction_policy evictions expirations fenced_loads hit_rate hits ' +
          'listener_failures load_failures loads max_memory_mb max_size memory_efficiency memory_usage_mb miss_rate ' +
          'misses sets total_requests total_size uptime_seconds utilization'
        ).split(' '),
      );
      expect(body).toMatchObject({
        hits: before.hits + 1,
        misses: before.misses + 1,
        entry_count: 1,
        max_size: 2000,
        max_memory_mb: 100,
        eviction_policy: 'hybrid',
        compression_level: 6,
      });
    });

    it('GET /analytics leaves keys and patterns as they are', async () => {
      await rest.cache.set('userProfile:1', 1);
      for (let i = 0; i < 200; i++) await rest.cache.get('userProfile:1');
      const { status, body } = await get('/analytics');
      expect(status).toBe(200);
      expect(keysOf(body)).toEqual(
        (
          'access_patterns access_time_percentiles average_access_time cache_efficiency_score compression_ratio enabled ' +
          'eviction_rate hit_rate memory_efficiency miss_rate performance_metrics top_keys total_requests'
        ).split(' '),
      );
      expect(keysOf(body.access_time_percentiles)).toEqual(['p50', 'p90', 'p99', 'p999']);
      expect(body.top_keys.map(({ key }: { key: string }) => key)).toContain('userProfile:1');
      expect(keysOf(body.access_patterns['userProfile:*'])).toEqual(['hit_rate', 'hits', 'misses', 'requests']);
    });

    it('GET /analytics says only that it is off where it is', async () => {
      await post('/configure', { enable_analytics: false });
      expect((await get('/analytics')).body).toEqual({ enabled: false });
      await post('/configure', { enable_analytics: true });
    });

    it('GET /memory answers every figure', async () => {
      await rest.cache.set('a', 'x'.repeat(5000));
      const { status, body } = await get('/memory');
      expect(status).toBe(200);
      expect(keysOf(body)).toEqual(
        (
          'average_compressed_size_bytes average_entry_size_bytes compressed_size_bytes compression_ratio ' +
          'compression_savings_bytes max_memory_mb memory_usage_bytes memory_usage_mb memory_utilization_percent ' +
          'overhead_bytes total_entries total_size_bytes'
        ).split(' '),
      );
      expect(body.total_entries).toBe(1);
      expect(body.compression_savings_bytes).toBe(body.total_size_bytes - body.compressed_size_bytes);
    });

    it('GET /health answers the checks by name', async () => {
      const { status, body } = await get('/health');
      expect(status).toBe(200);
      expect(keysOf(body)).toEqual(['checks', 'errors', 'status', 'timestamp']);
      expect(body.status).toBe('healthy');
      expect(body.timestamp).toMatch(ISO);
      expect(body.checks.round_trip.status).toBe('healthy');
    });
  });

  describe('entries', () => {
    it('POST /set stores with everything that belongs to it, GET /get shows it', async () => {
      const stored = await post('/set', {
        key: 'user:42',
        value: { userName: 'Ada' },
        ttl: '5m',
        tags: ['users'],
        priority: 3,
        cost: 0.5,
        metadata: { sourceSystem: 'crm' },
      });
      expect(stored.status).toBe(200);
      expect(keysOf(stored.body)).toEqual(['compressed_size', 'expires_at', 'key', 'size_bytes', 'success']);
      expect(stored.body).toMatchObject({ success: true, key: 'user:42', expires_at: expect.stringMatching(ISO) });

      const found = await get('/get/user:42');
      expect(found.status).toBe(200);
      expect(keysOf(found.body)).toEqual(
        (
          'access_count compressed_size cost created_at expires_at key metadata priority size_bytes tags ' +
          'ttl_remaining value'
        ).split(' '),
      );
      expect(found.body).toMatchObject({
        key: 'user:42',
        value: { userName: 'Ada' },
        access_count: 1,
        tags: ['users'],
        priority: 3,
        cost: 0.5,
        metadata: { sourceSystem: 'crm' },
        created_at: expect.stringMatching(ISO),
      });
      expect(found.body.ttl_remaining).toBeGreaterThan(290);
      expect(found.body.ttl_remaining).toBeLessThanOrEqual(300);
    });

    it.each([
      ['null', null],
      ['false', false],
      ['0', 0],
      ['the empty text', ''],
      ['names that other code treats specially', { constructor: { name: 1 }, toString: 2 }],
      ['nested lists', [[[]], [{}]]],
    ])('keeps %s as it is', async (_name, value) => {
      expect((await post('/set', { key: 'k', value })).status).toBe(200);
      expect((await get('/get/k')).body.value).toEqual(value);
    });

    it('takes a lifetime in seconds, as a duration, or null for ever', async () => {
      await post('/set', { key: 'seconds', value: 1, ttl: 1.5 });
      await post('/set', { key: 'duration', value: 1, ttl: '250ms' });
      await post('/set', { key: 'ever', value: 1, ttl: null });
      await post('/set', { key: 'default', value: 1 });
      expect(await rest.cache.ttl('seconds')).toBeLessThanOrEqual(1.5);
      expect((await rest.cache.ttl('duration')) ?? 0).toBeLessThanOrEqual(0.25);
      expect((await get('/get/ever')).body).toMatchObject({ ttl_remaining: null, expires_at: null });
      expect(await rest.cache.ttl('default')).toBeGreaterThan(3590);
    });

    it('shows a lifetime that ends after the last date there is', async () => {
      const { status, body } = await post('/set', { key: 'far', value: 1, ttl: '999999999999d' });
      expect([status, body.expires_at]).toEqual([200, '+275760-09-13T00:00:00.000Z']);
    });

    it('counts GET /get as a hit or a miss, and answers a miss with 404', async () => {
      await rest.cache.set('there', 1);
      const before = rest.cache.getStats();
      await get('/get/there');
      const missed = await get('/get/absent');
      expect(missed.status).toBe(404);
      expect(missed.body).toEqual({ statusCode: 404, message: 'nothing is cached under "absent"', error: 'Not Found' });
      const after = rest.cache.getStats();
      expect([after.hits - before.hits, after.misses - before.misses]).toEqual([1, 1]);
    });

    it.each<[string, unknown]>([
      ['a date', new Date(0)],
      ['a map', new Map([['a', 1n]])],
      ['bytes', Buffer.from('abc')],
      ['a bigint', 10n],
      ['NaN', NaN],
    ])('shows %s in the notation of exports', async (_name, value) => {
      await rest.cache.set('typed', value);
      const { status, body } = await get('/get/typed');
      expect(status).toBe(200);
      expect(body.value_type).toBe('typed');
      expect(keysOf(body.value)).toEqual(['classes', 'nodes', 'root']);
    });

    it('DELETE /delete says whether there was an entry', async () => {
      await rest.cache.set('a', 1);
      expect((await del('/delete/a')).body).toEqual({ key: 'a', deleted: true });
      const again = await del('/delete/a');
      expect([again.status, again.body]).toEqual([200, { key: 'a', deleted: false }]);
    });

    it('DELETE /delete-by-tags takes the tags from the body or from the query', async () => {
      const fill = () =>
        rest.cache.mset([
          { key: 'ab', value: 1, tags: ['a', 'b'] },
          { key: 'a', value: 1, tags: ['a'] },
          { key: 'c', value: 1, tags: ['c'] },
        ]);
      await fill();
      expect((await del('/delete-by-tags', { tags: ['a', 'b'] })).body).toEqual({ tags: ['a', 'b'], deleted_count: 2 });
      await fill();
      expect((await del('/delete-by-tags', { tags: ['a', 'b'], match: 'all' })).body.deleted_count).toBe(1);
      await fill();
      expect((await del('/delete-by-tags?tags=a,b&match=all')).body).toEqual({ tags: ['a', 'b'], deleted_count: 1 });
      expect((await del('/delete-by-tags?tags=c')).body).toEqual({ tags: ['c'], deleted_count: 1 });
    });

    it('lists entries by tag, without values', async () => {
      await rest.cache.set('a', 1, { tags: ['team a/b'] });
      const { status, body } = await get('/entries/by-tag/team%20a%2Fb');
      expect([status, keysOf(body)]).toEqual([200, ['count', 'entries', 'tag']]);
      expect(body).toMatchObject({ tag: 'team a/b', count: 1 });
      expect(keysOf(body.entries[0])).toEqual(ENTRY_KEYS);
    });

    it('finds a tag as long as a tag may be', async () => {
      const tag = 'é'.repeat(256);
      await rest.cache.set('a', 1, { tags: [tag] });
      expect((await get(`/entries/by-tag/${encodeURIComponent(tag)}`)).body.count).toBe(1);
    });

    it('lists entries page by page, by prefix and by tag', async () => {
      for (let i = 0; i < 5; i++) await rest.cache.set(`user:${i}`, i, { tags: i < 2 ? ['first'] : [] });
      await rest.cache.set('other', 1);
      const first = await get('/entries?limit=4');
      expect([first.status, keysOf(first.body)]).toEqual([200, ['entries', 'next_cursor']]);
      const second = await get(`/entries?limit=4&cursor=${first.body.next_cursor}`);
      const keys = [...first.body.entries, ...second.body.entries].map(({ key }) => key);
      expect(keys.sort()).toEqual(['other', 'user:0', 'user:1', 'user:2', 'user:3', 'user:4']);
      expect(second.body.next_cursor).toBeNull();
      expect(keysOf(first.body.entries[0])).toEqual(ENTRY_KEYS);
      expect((await get('/entries?prefix=user:')).body.entries).toHaveLength(5);
      expect((await get('/entries?tag=first&prefix=')).body.entries).toHaveLength(2);
    });
  });

  describe('operations', () => {
    it('POST /clear tells how many there were', async () => {
      await rest.cache.mset([
        { key: 'a', value: 1 },
        { key: 'b', value: 1 },
      ]);
      const { status, body } = await post('/clear');
      expect([status, body]).toEqual([200, { cleared_count: 2 }]);
    });

    it('POST /benchmark times a scratch cache and leaves the live one alone', async () => {
      await rest.cache.set('a', 1);
      const before = rest.cache.getStats();
      const { status, body } = await post('/benchmark', { iterations: 20 });
      expect([status, keysOf(body)]).toEqual([200, ['get_operations', 'iterations', 'set_operations']]);
      expect(body.iterations).toBe(20);
      for (const timings of [body.set_operations, body.get_operations]) {
        expect(keysOf(timings)).toEqual(
          (
            'average_time_ms count max_time_ms min_time_ms operations_per_second p50_time_ms p99_time_ms ' +
            'total_time_ms'
          ).split(' '),
        );
        expect(timings.count).toBe(20);
      }
      const after = rest.cache.getStats();
      expect([after.sets, after.hits, after.entryCount]).toEqual([before.sets, before.hits, 1]);
    });

    it('POST /benchmark needs no body', async () => {
      expect((await post('/benchmark')).body.iterations).toBe(1000);
    });

    it('POST /benchmark answers 409 while one runs', async () => {
      const running = post('/benchmark', { iterations: 100_000 });
      let second = await post('/benchmark', { iterations: 1 });
      // The first one may not have arrived yet.
      for (let tries = 0; tries < 200 && second.status === 200; tries++) {
        second = await post('/benchmark', { iterations: 1 });
      }
      const first = await running;
      expect([first.status, second.status].sort()).toEqual([200, 409]);
      const refused = first.status === 409 ? first : second;
      expect(refused.body).toMatchObject({ statusCode: 409, error: 'Conflict' });
    });

    it('POST /configure applies what is asked for, by the names of the wire', async () => {
      const { status, body } = await post('/configure', {
        max_size: 50,
        default_ttl: '1m',
        eviction_policy: 'LRU',
        compression_level: 'fast',
        enable_analytics: true,
        max_memory_mb: 20,
      });
      expect([status, keysOf(body)]).toEqual([200, ['applied', 'current_config', 'evicted', 'success']]);
      expect(body.applied).toEqual({
        max_size: 50,
        default_ttl: '1m',
        eviction_policy: 'lru',
        compression_level: 1,
        enable_analytics: true,
        max_memory_mb: 20,
      });
      expect(body.current_config).toMatchObject({ max_size: 50, default_ttl: 60, max_memory_mb: 20 });
      expect(rest.cache.getStats()).toMatchObject({ maxSize: 50, evictionPolicy: 'lru', compressionLevel: 1 });
      await post('/configure', { max_size: 2000, max_memory_mb: 100, compression_level: 6, eviction_policy: 'hybrid' });
    });

    it('POST /configure changes nothing where one change cannot work', async () => {
      const before = rest.cache.getStats();
      const { status, body } = await post('/configure', { max_size: 7, compression_level: 'HUGE' });
      expect(status).toBe(400);
      expect(body.message).toEqual([
        'compression_level: expected one of 0 (NONE), 1 (FAST), 6 (DEFAULT), 9 (MAX), received "HUGE"',
      ]);
      expect(rest.cache.getStats().maxSize).toBe(before.maxSize);
      const tooLarge = await post('/configure', { max_size: 2 ** 30, eviction_policy: 'lru' });
      expect(tooLarge.status).toBe(400);
      expect(tooLarge.body.message).toMatch(/^max_size: expected an integer from 1 to 16777216, received 1073741824$/);
      expect(rest.cache.getStats()).toMatchObject({ maxSize: 2000, evictionPolicy: 'hybrid' });
    });

    it('POST /configure evicts what no longer fits', async () => {
      for (let i = 0; i < 10; i++) await rest.cache.set(`k${i}`, i);
      expect((await post('/configure', { max_size: 4 })).body.evicted).toBe(6);
      expect((await get('/stats')).body.entry_count).toBe(4);
      await post('/configure', { max_size: 2000 });
    });
  });
});
