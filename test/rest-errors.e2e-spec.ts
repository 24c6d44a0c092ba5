import { ValidationPipe } from '@nestjs/common';
import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, SECRET, startRestApp } from './support/rest-api.js';

const controller = { auth: { secret: SECRET } };

describe.each(PLATFORMS)('errors of the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform, { controller, maxMemoryMb: 1, maxValueMb: 0.01 });
  });
  afterAll(() => rest.close());

  it.each<[string, string, unknown, RegExp]>([
    ['POST', '/set', undefined, /^key: expected a non-empty string, received undefined$/],
    ['POST', '/set', { value: 1 }, /^key: expected a non-empty string, received undefined$/],
    ['POST', '/set', { key: '', value: 1 }, /^key: expected a non-empty string, received ""$/],
    ['POST', '/set', { key: 5, value: 1 }, /^key: .* received 5$/],
    ['POST', '/set', { key: '\ud800', value: 1 }, /^key: expected well-formed Unicode/],
    ['POST', '/set', { key: 'k' }, /^value: expected any JSON value, received undefined$/],
    ['POST', '/set', { key: 'k', value: 1, tll: 5 }, /^tll: no field of that name \(known: key, value, ttl, /],
    ['POST', '/set', { key: 'k', value: 1, constructor: 5 }, /^constructor: no field of that name/],
    ['POST', '/set', { key: 'k', value: 1, ttl: 0 }, /^ttl: expected seconds > 0.* received 0$/],
    ['POST', '/set', { key: 'k', value: 1, ttl: 'soon' }, /^ttl: .* received "soon"$/],
    ['POST', '/set', { key: 'k', value: 1, tags: 'a' }, /^tags: expected an array of strings, received "a"$/],
    ['POST', '/set', { key: 'k', value: 1, tags: [''] }, /^tags\[0\]: expected a string of 1 to 256 characters/],
    ['POST', '/set', { key: 'k', value: 1, tags: null }, /^tags: expected an array of strings, received null$/],
    ['POST', '/set', { key: 'k', value: 1, priority: 101 }, /^priority: expected an integer from -100 to 100/],
    ['POST', '/set', { key: 'k', value: 1, cost: -1 }, /^cost: expected a number of seconds >= 0, received -1$/],
    ['POST', '/set', { key: 'k', value: 1, metadata: [] }, /^metadata: expected an object, received an array of 0$/],
    ['POST', '/set', [], /^body: expected a JSON object, received an array of 0$/],
    ['DELETE', '/delete-by-tags', {}, /^tags: expected an array of strings, received undefined$/],
    ['DELETE', '/delete-by-tags', { tags: Array(65).fill('a') }, /^tags: expected at most 64 tags/],
    ['DELETE', '/delete-by-tags', { tags: ['a'], match: 'most' }, /^match: expected 'any' or 'all', received "most"$/],
    ['DELETE', '/delete-by-tags?tags=a', { tags: ['a'] }, /^tags: expected in the body or in the query/],
    ['DELETE', '/delete-by-tags?match=all', undefined, /^tags: expected an array of strings/],
    ['DELETE', '/delete-by-tags?tags=a,,b', undefined, /^tags\[1\]: expected a string of 1 to 256 characters/],
    ['POST', '/clear', { all: true }, /^all: no field of that name \(known: none\)$/],
    ['POST', '/benchmark', { iterations: 0 }, /^iterations: expected an integer from 1 to 100000, received 0$/],
    ['POST', '/benchmark', { iterations: 100_001 }, /^iterations: /],
    ['POST', '/benchmark', { iterations: '5' }, /^iterations: .* received "5"$/],
    ['POST', '/warm-up', {}, /^data: expected one of data and entries, received none$/],
    ['POST', '/warm-up', { data: {}, entries: [] }, /^data: expected one of data and entries, received both$/],
    ['POST', '/warm-up', { data: [] }, /^data: expected an object, received an array of 0$/],
    ['POST', '/warm-up', { entries: [{ key: 'a' }] }, /^entries\[0\]\.value: expected any JSON value/],
    ['POST', '/warm-up', { entries: [{ key: 'a', value: 1 }, 5] }, /^entries\[1\]: expected an object, received 5$/],
    ['POST', '/warm-up', { entries: [{ key: 'a', value: 1, ttl_s: 1 }] }, /^entries\[0\]\.ttl_s: no field/],
    ['POST', '/configure', { maxSize: 5 }, /^maxSize: no field of that name \(known: max_size, /],
    ['POST', '/configure', { default_ttl: -1 }, /^default_ttl: .* received -1$/],
    ['POST', '/configure', { eviction_policy: 'fifo' }, /^eviction_policy: expected one of lru, .* received "fifo"$/],
    ['POST', '/configure', { max_memory_mb: 0 }, /^max_memory_mb: expected a number of MiB > 0, received 0$/],
    ['GET', '/entries?limit=0', undefined, /^limit: expected an integer from 1 to 1000, received "0"$/],
    ['GET', '/entries?limit=ten', undefined, /^limit: .* received "ten"$/],
    ['GET', '/entries?limit=1&limit=2', undefined, /^limit: .* received an array of 2$/],
    ['GET', '/entries?cursor=!!', undefined, /^cursor: expected the next_cursor of the page before, received "!!"$/],
    ['GET', '/entries?sort=key', undefined, /^sort: no field of that name/],
    ['GET', `/entries/by-tag/${'t'.repeat(257)}`, undefined, /^tags\[0\]: expected a string of 1 to 256 characters/],
    ['GET', '/export?values=yes', undefined, /^values: expected 'true' or 'false', received "yes"$/],
    ['GET', '/export?format=csv', undefined, /^format: expected 'json' or 'ndjson', received "csv"$/],
  ])('%s %s with %j is a 400 that names the field', async (method, path, body, sentence) => {
    const before = rest.cache.getStats();
    const answer = await rest.call(method, `${API}${path}`, { body });
    expect(answer.body).toMatchObject({ statusCode: 400, error: 'Bad Request' });
    expect(answer.status).toBe(400);
    expect([answer.body.message].flat()[0]).toMatch(sentence);
    expect(rest.cache.getStats().sets).toBe(before.sets);
  });

  it('names every field that is wrong', async () => {
    const { body } = await rest.call('POST', `${API}/set`, { body: { value: 1, ttl: -1, priority: 0.5 } });
    expect(body.message.map((sentence: string) => sentence.split(':')[0])).toEqual(['key', 'ttl', 'priority']);
  });

  it.each([
    ['a broken document', '{"key":', {}],
    ['text', 'key=1', { 'content-type': 'text/plain' }],
    ['a form', 'key=a&value=1&x=2', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['null', 'null', {}],
    ['a number that JSON does not know', '{"key":"k","value":NaN}', {}],
    ['an unknown charset', '{}', { 'content-type': 'application/json; charset=utf-7' }],
  ])('answers 4xx to a body that is %s', async (_name, raw, headers) => {
    const { status, body } = await rest.call('POST', `${API}/set`, { raw, headers });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.statusCode).toBe(status);
  });

  it('answers 413 to a value that is larger than one entry may be, and to a body larger than the app takes', async () => {
    const random = Array.from({ length: 8000 }, (_, i) => Math.sin(i));
    const value = await rest.call('POST', `${API}/set`, { body: { key: 'big', value: random.slice(0, 2500) } });
    expect([value.status, value.body.error]).toEqual([413, 'Payload Too Large']);
    expect(value.body.message).toMatch(/^entry "big" takes \d+ bytes, the limit for one entry is 10485/);
    const body = await rest.call('POST', `${API}/set`, { body: { key: 'big', value: 'x'.repeat(2 ** 21) } });
    expect(body.status).toBe(413);
  });

  it('answers 404 in the same shape to a route that there is not', async () => {
    expect((await rest.call('GET', `${API}/nothing`)).body).toMatchObject({ statusCode: 404, error: 'Not Found' });
    expect((await rest.call('GET', `${API}/set`)).status).toBe(404);
  });
});

describe.each(PLATFORMS)('a value that is nested deeply on %s', (platform) => {
  it.each(['copy', 'frozen', 'shared'] as const)('is never a 500 (%s)', async (isolation) => {
    const rest = await startRestApp(platform, { controller, isolation });
    for (const depth of [100, 3000, 40_000]) {
      const raw = `{"key":"deep","value":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      const stored = await rest.call('POST', `${API}/set`, { raw });
      expect([200, 400]).toContain(stored.status);
      expect((await rest.call('GET', `${API}/get/deep`)).status).toBe(stored.status === 200 ? 200 : 404);
      for (const format of ['json', 'ndjson']) {
        const { status, text } = await rest.call('GET', `${API}/export?values=true&format=${format}`);
        expect([status, text.includes('"key":"deep","value')]).toEqual([200, stored.status === 200]);
      }
    }
    await rest.close();
  });
});

describe.each(PLATFORMS)('a closed cache on %s', (platform) => {
  it('answers 503 where something was to be stored, and says that it is unhealthy', async () => {
    const rest = await startRestApp(platform);
    await rest.cache.close();
    const set = await rest.call('POST', `${API}/set`, { body: { key: 'a', value: 1 } });
    expect(set.body).toEqual({ statusCode: 503, message: 'the cache is closed', error: 'Service Unavailable' });
    const health = await rest.call('GET', `${API}/health`);
    expect([health.status, health.body.status, health.headers['cache-control']]).toEqual([
      503,
      'unhealthy',
      'no-store',
    ]);
    expect(Object.keys(health.body)).toEqual(['status', 'checks', 'errors', 'timestamp']);
    expect((await rest.call('GET', `${API}/get/a`)).status).toBe(404);
    await rest.close();
  });
});

describe.each(PLATFORMS)('pipes of the app on %s', (platform) => {
  it.each([{}, { validateCustomDecorators: true }])('do not touch what is to be cached (%j)', async (options) => {
    const rest = await startRestApp(platform, undefined, {
      configure: (app) =>
        app.useGlobalPipes(
          new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true, ...options }),
        ),
    });
    const value = { constructor: 1, nested: { toString: 2, list: [1, '2'] } };
    const stored = await rest.call('POST', `${API}/set`, { body: { key: 'k', value, ttl: '5m' } });
    expect(stored.status).toBe(200);
    expect((await rest.call('GET', `${API}/get/k`)).body.value).toEqual(value);
    expect((await rest.call('GET', `${API}/entries?limit=1`)).body.entries).toHaveLength(1);
    await rest.close();
  });
});
