import fc from 'fast-check';
import { PLATFORMS } from './support/platforms.js';
import { API, type RestApp, startRestApp } from './support/rest-api.js';

const CORPUS = [
  'plain',
  'user:42',
  'a/b',
  '/',
  '//',
  '/leading',
  'trailing/',
  'a//b',
  '../clear',
  '%',
  '%2F',
  '%41',
  '100%',
  '%E0%A4',
  'with space',
  'a+b',
  'a?b=c',
  'a#b',
  'a;b',
  'a\\b',
  'a&b=c',
  '*',
  ':key',
  '{key}',
  '(.*)',
  'ключ',
  '鍵',
  '🔑',
  'é',
  'e\u0301',
  '\u0000',
  'line\nbreak',
  '\u2028',
  '__proto__',
  'constructor',
  'delete-by-tags',
  'x'.repeat(101),
  'x'.repeat(1024),
  '鍵'.repeat(341),
];
/** Clients that build URLs by the WHATWG rules rewrite these, so they cannot be written in a path. */
const UNADDRESSABLE = ['.', '..'];
/** Percent-encodes dots too, which such clients treat as dots all the same, but a byte-exact one does not. */
const encoded = (key: string): string => encodeURIComponent(key).replaceAll('.', '%2E');

describe.each(PLATFORMS)('keys of the REST API on %s', (platform) => {
  let rest: RestApp;

  beforeAll(async () => {
    rest = await startRestApp(platform);
  });
  afterAll(() => rest.close());

  async function roundTrip(key: string, spell: (verb: string) => string): Promise<void> {
    const stored = await rest.call('POST', `${API}/set`, { body: { key, value: { key } } });
    expect([stored.status, stored.body.key]).toEqual([200, key]);
    const found = await rest.call('GET', spell('get'));
    expect([found.status, found.body.key, found.body.value]).toEqual([200, key, { key }]);
    const deleted = await rest.call('DELETE', spell('delete'));
    expect([deleted.status, deleted.body]).toEqual([200, { key, deleted: true }]);
    expect(await rest.cache.has(key)).toBe(false);
  }

  it.each([...CORPUS, ...UNADDRESSABLE])('round-trips %j in a path', async (key) => {
    await roundTrip(key, (verb) => `${API}/${verb}/${encoded(key)}`);
  });

  it.each([...CORPUS, ...UNADDRESSABLE])('round-trips %j in the query', async (key) => {
    await roundTrip(key, (verb) => `${API}/${verb}?key=${encodeURIComponent(key)}`);
  });

  it('round-trips any text', async () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(key, async (text) => roundTrip(text, (verb) => `${API}/${verb}/${encoded(text)}`)),
      { seed: 20_260_115, numRuns: 60 },
    );
  });

  it('takes slashes that were not encoded as part of the key', async () => {
    await rest.cache.set('a/b/c', 1);
    expect((await rest.call('GET', `${API}/get/a/b/c`)).body.key).toBe('a/b/c');
  });

  it.each(['%E0%A4', '%ED%A0%80', 'a%', '%zz'])('answers 400 to the malformed path %s', async (path) => {
    for (const [method, verb] of [
      ['GET', 'get'],
      ['DELETE', 'delete'],
    ]) {
      const { status, body } = await rest.call(method, `${API}/${verb}/${path}`);
      expect([status, body.error]).toEqual([400, 'Bad Request']);
    }
  });

  it('answers 400 to a key that is longer than keys may be, naming it', async () => {
    const { status, body } = await rest.call('GET', `${API}/get/${'x'.repeat(1025)}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: 'Bad Request', message: expect.stringMatching(/^key: .*1024.*1025/) });
  });

  it.each(['/get', '/get?key=', '/get?key=a&key=b', '/get?other=a', '/get?key=a&other=b'])(
    'answers 400 to %s',
    async (path) => {
      const { status, body } = await rest.call('GET', `${API}${path}`);
      expect([status, Array.isArray(body.message)]).toEqual([400, true]);
    },
  );
});
