import { UnauthorizedException } from '@nestjs/common';
import { EnhancedCacheModule, EnhancedCacheService } from 'nestjs-enhanced-cache/lean';
import { FakeClock } from 'nestjs-enhanced-cache/testing';
import { PLATFORMS, startApp, type TestApp } from './support/platforms.js';
import { Runs, TableController } from './support/table.controllers.js';

interface Ask {
  readonly method?: 'get' | 'head' | 'post' | 'delete' | 'options';
  readonly path?: string;
  readonly headers?: Record<string, string>;
  /** Milliseconds that pass before. */
  readonly after?: number;
}

interface Row {
  /** Where the rule stands. */
  readonly rfc: string;
  readonly what: string;
  readonly path: string;
  readonly asks: readonly Ask[];
  /** Status and `X-Cache` of each answer; `-` where there is none. */
  readonly answers: readonly string[];
  /** How often the handler ran. */
  readonly runs: number;
}

const ONCE: readonly Ask[] = [{}, {}];
const HIT = ['200 MISS', '200 HIT'];
const NEVER = ['200 BYPASS', '200 BYPASS'];
const alice = { authorization: 'Bearer alice' };
const bob = { authorization: 'Bearer bob' };
const sets = (name: string, value: string) => `sets?name=${name}&value=${encodeURIComponent(value)}`;
const control = (value: string) => ({ headers: { 'cache-control': value } });

/** Request, stored or not, replay: the decisions of this cache, with the sections that they follow. */
const TABLE: readonly Row[] = [
  // Methods
  { rfc: '9110 9.3.1', what: 'GET', path: 'plain', asks: ONCE, answers: HIT, runs: 1 },
  {
    rfc: '9110 9.3.2',
    what: 'HEAD from the entry of GET',
    path: 'plain',
    asks: [{}, { method: 'head' }],
    answers: HIT,
    runs: 1,
  },
  {
    rfc: '9111 4',
    what: 'HEAD stores nothing',
    path: 'plain',
    asks: [{ method: 'head' }, {}],
    answers: ['200 MISS', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '9110 9.2.3',
    what: 'POST',
    path: 'write',
    asks: [{ method: 'post' }, { method: 'post' }],
    answers: ['201 BYPASS', '201 BYPASS'],
    runs: 2,
  },
  {
    rfc: '9110 9.2.3',
    what: 'DELETE',
    path: 'write',
    asks: [{ method: 'delete' }, { method: 'delete' }],
    answers: NEVER,
    runs: 2,
  },
  {
    rfc: '9110 9.3.7',
    what: 'OPTIONS',
    path: 'plain',
    asks: [{ method: 'options' }, { method: 'options' }],
    answers: NEVER,
    runs: 2,
  },
  // Directives of the request
  {
    rfc: '9111 5.2.1.5',
    what: 'no-store',
    path: 'plain',
    asks: [control('no-store'), {}],
    answers: ['200 BYPASS', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '9111 5.2.1.4',
    what: 'no-cache',
    path: 'plain',
    asks: [{}, control('no-cache'), {}],
    answers: ['200 MISS', '200 MISS', '200 HIT'],
    runs: 2,
  },
  {
    rfc: '9111 5.4',
    what: 'Pragma: no-cache',
    path: 'plain',
    asks: [{}, { headers: { pragma: 'no-cache' } }],
    answers: ['200 MISS', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '9111 5.2.1.1',
    what: 'max-age, young enough',
    path: 'plain',
    asks: [{}, { after: 5000, ...control('max-age=5') }],
    answers: HIT,
    runs: 1,
  },
  {
    rfc: '9111 5.2.1.1',
    what: 'max-age, too old',
    path: 'plain',
    asks: [{}, { after: 6000, ...control('max-age=5') }, {}],
    answers: ['200 MISS', '200 MISS', '200 HIT'],
    runs: 2,
  },
  {
    rfc: '9111 5.2.1.3',
    what: 'min-fresh',
    path: 'plain',
    asks: [{}, control('min-fresh=50'), { after: 15_000, ...control('min-fresh=50') }],
    answers: ['200 MISS', '200 HIT', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '9111 5.2.1.7',
    what: 'only-if-cached',
    path: 'plain',
    asks: [control('only-if-cached'), {}, control('only-if-cached')],
    answers: ['504 -', '200 MISS', '200 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 14.2',
    what: 'Range',
    path: 'plain',
    asks: [{ headers: { range: 'bytes=0-1' } }, { headers: { range: 'bytes=0-1' } }],
    answers: NEVER,
    runs: 2,
  },
  // Who asks
  {
    rfc: '9111 3.5',
    what: 'Authorization of two users and of nobody',
    path: 'plain',
    asks: [{ headers: alice }, { headers: bob }, {}, { headers: alice }],
    answers: ['200 MISS', '200 MISS', '200 MISS', '200 HIT'],
    runs: 3,
  },
  {
    rfc: '9111 3.5',
    what: 'cookies of two users',
    path: 'plain',
    asks: [{ headers: { cookie: 'sid=1' } }, { headers: { cookie: 'sid=2' } }, { headers: { cookie: 'sid=1' } }],
    answers: ['200 MISS', '200 MISS', '200 HIT'],
    runs: 2,
  },
  {
    rfc: '9111 3.5',
    what: 'a verified user, whatever the token',
    path: 'user',
    asks: [
      { headers: { 'x-user': 'alice', ...alice } },
      { headers: { 'x-user': 'alice', ...bob } },
      { headers: { 'x-user': 'bob', ...alice } },
    ],
    answers: ['200 MISS', '200 HIT', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '9111 3.5',
    what: 'what is declared the same for all',
    path: 'shared',
    asks: [{ headers: alice }, { headers: bob }, {}],
    answers: ['200 MISS', '200 HIT', '200 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 11.6',
    what: '401 on what would be a hit',
    path: 'user',
    asks: [
      { headers: { 'x-user': 'alice' } },
      { headers: { 'x-user': 'revoked' } },
      { headers: { 'x-user': 'alice' } },
    ],
    answers: ['200 MISS', '401 -', '200 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 13.1.2',
    what: 'no 304 for another user',
    path: 'plain',
    asks: [{ headers: alice }, { headers: { ...bob, 'if-none-match': '"alices-tag"' } }],
    answers: ['200 MISS', '200 MISS'],
    runs: 2,
  },
  // Keys
  {
    rfc: '9110 4.2.3',
    what: 'order and spelling of the query',
    path: 'plain?b=2&a=x%20y',
    asks: [{}, { path: 'plain?a=x+y&b=2' }, { path: 'plain?a=x&b=2' }],
    answers: ['200 MISS', '200 HIT', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '-',
    what: 'parameters that are not named',
    path: 'query?page=2&utm=1',
    asks: [{}, { path: 'query?utm=2&page=2' }, { path: 'query?page=3' }],
    answers: ['200 MISS', '200 HIT', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '-',
    what: 'headers that are not part of the key',
    path: 'plain',
    asks: [{}, { headers: { 'x-forwarded-host': 'evil', 'x-http-method-override': 'DELETE' } }],
    answers: HIT,
    runs: 1,
  },
  {
    rfc: '9110 12.5.5',
    what: 'a declared Vary',
    path: 'vary',
    asks: [
      { headers: { 'accept-language': 'de' } },
      { headers: { 'accept-language': 'en' } },
      { headers: { 'accept-language': 'de' } },
    ],
    answers: ['200 MISS', '200 MISS', '200 HIT'],
    runs: 2,
  },
  {
    rfc: '9111 4.1',
    what: 'a Vary that the handler sets: learned',
    path: sets('Vary', 'X-Tenant'),
    asks: [
      { headers: { 'x-tenant': 'a' } },
      { headers: { 'x-tenant': 'a' } },
      { headers: { 'x-tenant': 'a' } },
      { headers: { 'x-tenant': 'b' } },
    ],
    answers: ['200 BYPASS', '200 MISS', '200 HIT', '200 MISS'],
    runs: 3,
  },
  { rfc: '9111 4.1', what: 'Vary: *', path: sets('Vary', '*'), asks: ONCE, answers: NEVER, runs: 2 },
  // Statuses
  { rfc: '9110 15.3.4', what: '203', path: 'status/203', asks: ONCE, answers: ['203 MISS', '203 HIT'], runs: 1 },
  { rfc: '9110 15.3.5', what: '204', path: 'no-content', asks: ONCE, answers: ['204 MISS', '204 HIT'], runs: 1 },
  { rfc: '9110 15.3.7', what: '206', path: 'status/206', asks: ONCE, answers: ['206 BYPASS', '206 BYPASS'], runs: 2 },
  { rfc: '9111 3', what: '418', path: 'status/418', asks: ONCE, answers: ['418 BYPASS', '418 BYPASS'], runs: 2 },
  {
    rfc: '9110 15.4.2',
    what: '301 unasked',
    path: 'status/301',
    asks: ONCE,
    answers: ['301 BYPASS', '301 BYPASS'],
    runs: 2,
  },
  {
    rfc: '9110 15.4.2',
    what: '301 when asked',
    path: 'asked/301',
    asks: ONCE,
    answers: ['301 MISS', '301 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 15.4.9',
    what: '308 when asked',
    path: 'asked/308',
    asks: ONCE,
    answers: ['308 MISS', '308 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 15.5.11',
    what: '410 when asked',
    path: 'asked/410',
    asks: ONCE,
    answers: ['410 MISS', '410 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 15.4.2',
    what: '@Redirect 301 when asked',
    path: 'moved',
    asks: ONCE,
    answers: ['301 MISS', '301 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 15.4.3',
    what: '@Redirect 302',
    path: 'found',
    asks: ONCE,
    answers: ['302 BYPASS', '302 BYPASS'],
    runs: 2,
  },
  {
    rfc: '9110 15.5.5',
    what: '404 unasked',
    path: 'unasked-missing',
    asks: ONCE,
    answers: ['404 -', '404 -'],
    runs: 2,
  },
  {
    rfc: '9110 15.5.5',
    what: '404 when asked, for negativeTtl',
    path: 'missing',
    asks: [{}, {}, { after: 5001 }],
    answers: ['404 MISS', '404 HIT', '404 MISS'],
    runs: 2,
  },
  { rfc: '9111 3', what: 'an exception', path: 'throws', asks: ONCE, answers: ['401 -', '401 -'], runs: 2 },
  // What the response says
  {
    rfc: '9111 5.2.2.5',
    what: 'no-store',
    path: sets('Cache-Control', 'no-store'),
    asks: ONCE,
    answers: NEVER,
    runs: 2,
  },
  {
    rfc: '9111 5.2.2.7',
    what: 'private',
    path: sets('Cache-Control', 'private, max-age=60'),
    asks: ONCE,
    answers: NEVER,
    runs: 2,
  },
  {
    rfc: '9111 5.2.2.4',
    what: 'no-cache',
    path: sets('Cache-Control', 'no-cache'),
    asks: ONCE,
    answers: NEVER,
    runs: 2,
  },
  {
    rfc: '9111 5.2.2.1',
    what: 'max-age before ttl',
    path: sets('Cache-Control', 'max-age=5'),
    asks: [{}, { after: 4000 }, { after: 2000 }],
    answers: ['200 MISS', '200 HIT', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '9111 5.2.2.1',
    what: 'max-age=0',
    path: sets('Cache-Control', 'max-age=0'),
    asks: ONCE,
    answers: NEVER,
    runs: 2,
  },
  {
    rfc: '9111 5.2.2.10',
    what: 's-maxage before max-age',
    path: sets('Cache-Control', 's-maxage=50, max-age=1'),
    asks: [{}, { after: 40_000 }, { after: 20_000 }],
    answers: ['200 MISS', '200 HIT', '200 MISS'],
    runs: 2,
  },
  {
    rfc: '9111 5.3',
    what: 'Expires',
    path: sets('Expires', 'Thu, 01 Jan 2015 00:00:00 GMT'),
    asks: ONCE,
    answers: NEVER,
    runs: 2,
  },
  {
    rfc: '9111 5.2.2',
    what: '@Header("Cache-Control")',
    path: 'header',
    asks: [{}, { after: 4000 }, { after: 2000 }],
    answers: ['200 MISS', '200 HIT', '200 MISS'],
    runs: 2,
  },
  { rfc: '9111 7.3', what: 'Set-Cookie', path: sets('Set-Cookie', 'sid=1'), asks: ONCE, answers: NEVER, runs: 2 },
  {
    rfc: '9111 4.2',
    what: 'past its lifetime',
    path: 'plain',
    asks: [{}, { after: 60_001 }],
    answers: ['200 MISS', '200 MISS'],
    runs: 2,
  },
  // Conditions
  {
    rfc: '9110 13.1.2',
    what: 'If-None-Match: *',
    path: 'plain',
    asks: [{}, { headers: { 'if-none-match': '*' } }],
    answers: ['200 MISS', '304 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 13.2.1',
    what: 'If-None-Match where 203 is stored',
    path: 'status/203',
    asks: [{}, { headers: { 'if-none-match': '*' } }],
    answers: ['203 MISS', '304 HIT'],
    runs: 1,
  },
  {
    rfc: '9110 13.1.3',
    what: 'If-Modified-Since',
    path: 'dated',
    asks: [
      {},
      { headers: { 'if-modified-since': 'Fri, 02 Jan 2026 00:00:00 GMT' } },
      { headers: { 'if-modified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' } },
    ],
    answers: ['200 MISS', '304 HIT', '200 HIT'],
    runs: 1,
  },
  // Values
  { rfc: '-', what: 'null', path: 'value/null', asks: ONCE, answers: HIT, runs: 1 },
  { rfc: '-', what: 'undefined', path: 'value/undefined', asks: ONCE, answers: NEVER, runs: 2 },
  { rfc: '-', what: 'false', path: 'value/false', asks: ONCE, answers: HIT, runs: 1 },
  { rfc: '-', what: '0', path: 'value/zero', asks: ONCE, answers: HIT, runs: 1 },
  { rfc: '-', what: 'the empty text', path: 'value/empty', asks: ONCE, answers: HIT, runs: 1 },
  { rfc: '-', what: '@Res()', path: 'sent', asks: ONCE, answers: ['200 -', '200 -'], runs: 2 },
  { rfc: '-', what: 'StreamableFile', path: 'stream', asks: ONCE, answers: NEVER, runs: 2 },
];

describe.each(PLATFORMS)('the table of decisions on %s', (platform) => {
  const clock = new FakeClock();
  let target: TestApp;

  beforeAll(async () => {
    target = await startApp(
      platform,
      { imports: [EnhancedCacheModule.forRoot({ clock, loading: { jitter: 0 } })], controllers: [TableController] },
      { configure: (app) => app.useGlobalGuards({ canActivate: recognise }) },
    );
  });
  beforeEach(async () => {
    Runs.counts.clear();
    await target.app.get(EnhancedCacheService).clear();
  });
  afterAll(() => target.close());

  it.each(TABLE)('RFC $rfc, $what: $answers', async ({ path, asks, answers, runs }) => {
    const seen: string[] = [];
    const bodies: string[] = [];
    for (const ask of asks) {
      clock.advance(ask.after ?? 0);
      const response = await target
        .http()
        [ask.method ?? 'get'](`/t/${ask.path ?? path}`)
        .redirects(0)
        .ok(() => true)
        .set(ask.headers ?? {});
      const outcome = response.headers['x-cache'] ?? '-';
      seen.push(`${response.status} ${outcome}`);
      expect('age' in response.headers).toBe(outcome === 'HIT');
      if (ask.method !== 'head' && response.status !== 304 && outcome !== '-')
        bodies.push(response.text ?? String(response.body));
    }
    expect(seen).toEqual(answers);
    const total = [...Runs.counts.values()].reduce((sum, each) => sum + each, 0);
    expect(total).toBe(runs);
    // No answer came from anything but one of the runs.
    expect(new Set(bodies).size).toBeLessThanOrEqual(Math.max(1, runs));
  });
});

/** Bob and Alice by a header, as a JWT guard would know them by a token; a third one has lost his rights. */
function recognise(context: { switchToHttp(): { getRequest(): { headers: Record<string, string>; user?: unknown } } }) {
  const request = context.switchToHttp().getRequest();
  const id = request.headers['x-user'];
  if (id === 'revoked') throw new UnauthorizedException();
  if (id) request.user = { id, iat: Math.random() };
  return true;
}
