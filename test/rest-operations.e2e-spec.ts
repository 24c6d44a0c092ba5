import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, startRestApp } from './support/rest-api.js';

const keysOf = (object: object): string[] => Object.keys(object).sort();

describe.each(PLATFORMS)('operations of the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  beforeEach(() => rest.cache.clear());
  afterAll(() => rest.close());

  const get = (path: string) => rest.call('GET', `${API}${path}`);
  const post = (path: string, body?: unknown) => rest.call('POST', `${API}${path}`, { body });

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
