const MIB = 1024 * 1024;

/** Characters without a pattern, so that compression cannot make them fit. */
function incompressible(length) {
  let state = 1;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length }, () => String.fromCharCode(33 + (next() % 93)))
    .join('')
    .replaceAll(/["\\]/g, '.');
}

/**
 * What the tour asks of the routes that set, read, list and delete entries, in an order in which every answer has
 * something to show.
 *
 * `scope` is what a route demands; the refusals without a token and with a narrower one are asked of every route by the
 * runner. A step takes method and path from its route and comes with the token that just suffices, unless it says
 * otherwise, and expects 200 unless `expect` says otherwise. `keep` names an answer that a later step sends back.
 */
export const entryRoutes = [
  {
    name: 'Set',
    method: 'POST',
    path: '/set',
    scope: 'write',
    steps: [
      {
        title: 'An entry with everything that can be said of it',
        body: {
          key: 'user:1',
          value: { name: 'Ada', roles: ['admin'] },
          ttl: '5m',
          tags: ['users', 'team:a'],
          priority: 10,
          cost: 0.2,
          metadata: { source: 'tour' },
        },
      },
      {
        title: 'A lifetime in seconds',
        body: { key: 'user:2', value: { name: 'Grace' }, ttl: 60, tags: ['users', 'team:b'] },
      },
      { title: 'A key with a slash, a percent sign and an umlaut', body: { key: 'files/100%/größe', value: 42 } },
      { title: 'Bad input: a lifetime that is none', body: { key: 'user:3', value: 1, ttl: -5 }, expect: 400 },
      { title: 'Bad input: an unknown field', body: { key: 'user:3', value: 1, tll: 5 }, expect: 400 },
      { title: 'Bad input: no key', body: { value: 1 }, expect: 400 },
      { title: 'Bad input: no JSON', raw: '{"key": ', expect: 400 },
      {
        title: 'An entry larger than one entry may be (here 1 MiB)',
        body: { key: 'big', value: incompressible(2 * MIB) },
        shownBody: '{"key":"big","value":"<2 MiB of random characters>"}',
        expect: 413,
      },
    ],
  },
  {
    name: 'Get',
    method: 'GET',
    path: '/get/user:1',
    scope: 'read',
    steps: [
      { title: 'A hit' },
      { title: 'A key with special characters, percent-encoded', path: '/get/files%2F100%25%2Fgr%C3%B6%C3%9Fe' },
      { title: 'A miss', path: '/get/unknown', expect: 404 },
      { title: 'Bad input: broken percent-encoding', path: '/get/%E0%A4%A', expect: 400 },
    ],
  },
  {
    name: 'Warm up',
    method: 'POST',
    path: '/warm-up',
    scope: 'write',
    steps: [
      {
        title: 'Keys and values',
        body: { data: { 'page:home': '<h1>Hello</h1>', 'page:about': '<h1>About</h1>' }, ttl: '1h', tags: ['pages'] },
      },
      {
        title: 'Entries, each with its own options',
        body: { entries: [{ key: 'rate:eur', value: 1.08, ttl: 30, tags: ['rates'] }] },
      },
      { title: 'Bad input: neither', body: {}, expect: 400 },
    ],
  },
  {
    name: 'Entries',
    method: 'GET',
    path: '/entries',
    scope: 'read',
    steps: [
      { title: 'By prefix', path: '/entries?prefix=user:' },
      { title: 'The first page', path: '/entries?limit=2' },
      { title: 'Bad input: a limit beyond 1000', path: '/entries?limit=5000', expect: 400 },
    ],
  },
  {
    name: 'Entries by tag',
    method: 'GET',
    path: '/entries/by-tag/users',
    scope: 'read',
    steps: [
      { title: 'Two entries carry it' },
      { title: 'A tag that no entry carries', path: '/entries/by-tag/nobody' },
    ],
  },
  { name: 'Statistics', method: 'GET', path: '/stats', scope: 'read', steps: [{ title: 'All figures' }] },
  {
    name: 'Analytics',
    method: 'GET',
    path: '/analytics',
    scope: 'read',
    steps: [{ title: 'Hot keys, patterns, latencies' }],
  },
  { name: 'Memory', method: 'GET', path: '/memory', scope: 'read', steps: [{ title: 'What is held' }] },
  {
    name: 'Health',
    method: 'GET',
    path: '/health',
    scope: 'read',
    steps: [{ title: 'Every check (503 when unhealthy)' }],
  },
  {
    name: 'Export',
    method: 'GET',
    path: '/export',
    scope: 'read',
    steps: [
      { title: 'Without values' },
      { title: 'With values', path: '/export?values=true', as: 'admin', keep: 'json' },
      {
        title: 'With values, an entry a line',
        path: '/export?values=true&format=ndjson',
        as: 'admin',
        keep: 'ndjson',
      },
      { title: 'Values need the scope cache:admin', path: '/export?values=true', expect: 403 },
      { title: 'Bad input: an unknown format', path: '/export?format=xml', expect: 400 },
    ],
  },
  {
    name: 'Delete',
    method: 'DELETE',
    path: '/delete/user:2',
    scope: 'write',
    steps: [
      { title: 'An entry that is there' },
      { title: 'And once more: it is gone' },
      { title: 'A key with special characters', path: '/delete/files%2F100%25%2Fgr%C3%B6%C3%9Fe' },
      { title: 'Bad input: broken percent-encoding', path: '/delete/%E0%A4%A', expect: 400 },
    ],
  },
  {
    name: 'Delete by tags',
    method: 'DELETE',
    path: '/delete-by-tags',
    scope: 'write',
    steps: [
      { title: 'Entries that carry both', body: { tags: ['users', 'team:a'], match: 'all' } },
      { title: 'The same in the address: entries that carry any', path: '/delete-by-tags?tags=pages,rates' },
      { title: 'Bad input: no tags', body: {}, expect: 400 },
      { title: 'Bad input: another way to match', body: { tags: ['users'], match: 'most' }, expect: 400 },
    ],
  },
];
