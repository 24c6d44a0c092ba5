import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, startRestApp } from './support/rest-api.js';

const keysOf = (object: object): string[] => Object.keys(object).sort();
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe.each(PLATFORMS)('reports of the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  beforeEach(() => rest.cache.clear());
  afterAll(() => rest.close());

  const get = (path: string) => rest.call('GET', `${API}${path}`);
  const post = (path: string, body?: unknown) => rest.call('POST', `${API}${path}`, { body });

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

  it('GET /stats answers every figure', async () => {
    await rest.cache.set('a', 1);
    const before = rest.cache.getStats();
    await rest.cache.get('a');
    await rest.cache.get('b');
    const { status, body } = await get('/stats');
    expect(status).toBe(200);
    expect(keysOf(body)).toEqual(
      (
        'average_access_time_ms background_loads cache_efficiency_score compressed_size compression_level ' +
        'compression_ratio corrupt_entries deletes entry_count eviction_detail eviction_policy evictions expirations ' +
        'fenced_loads hit_rate hits joined_loads late_loads listener_failures load_failures load_seconds_by_tag ' +
        'load_seconds_paid load_seconds_saved load_timeouts loads max_memory_mb ' +
        'max_size memory_efficiency memory_usage_mb miss_rate misses queued_loads sets stale_hits tier total_requests ' +
        'total_size uptime_seconds utilization'
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
    expect(keysOf(body.eviction_detail)).toEqual(
      'mode mode_changes sample_share strategies strategy strategy_changes value_spread window_share'.split(' '),
    );
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
        'compression_savings_bytes effective_limit_bytes estimated_error_percent max_memory_mb memory_usage_bytes memory_usage_mb memory_utilization_percent ' +
        'overhead_bytes pressure total_entries total_size_bytes'
      ).split(' '),
    );
    expect(body.total_entries).toBe(1);
    expect(body.compression_savings_bytes).toBe(body.total_size_bytes - body.compressed_size_bytes);
    expect(keysOf(body.pressure)).toEqual(['heap_used_percent', 'level', 'process_memory_percent', 'shed_bytes']);
    expect(body.effective_limit_bytes).toBe(body.max_memory_mb * 1024 * 1024);
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
