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

describe.each(PLATFORMS)('entries of the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  beforeEach(() => rest.cache.clear());
  afterAll(() => rest.close());

  const get = (path: string) => rest.call('GET', `${API}${path}`);
  const post = (path: string, body?: unknown) => rest.call('POST', `${API}${path}`, { body });
  const del = (path: string, body?: unknown) => rest.call('DELETE', `${API}${path}`, { body });

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
