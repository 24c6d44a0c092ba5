import { Readable } from 'node:stream';
import { isStream, refusalToStore, type ResponseFacts, STORED_STATUSES } from './response-decision.js';

const LIFETIME = {
  freshSeconds: undefined,
  staleWhileRevalidateSeconds: undefined,
  staleIfErrorSeconds: undefined,
};
const OK: ResponseFacts = {
  status: 200,
  headers: {},
  changed: [],
  body: {},
  vary: [],
  statuses: STORED_STATUSES,
  lifetime: LIFETIME,
  sent: false,
};

describe('refusalToStore', () => {
  it.each<[string, Partial<ResponseFacts>]>([
    ['a success', {}],
    ['null', { body: null }],
    ['an empty text', { body: '' }],
    ['203', { status: 203 }],
    ['204, which has no body', { status: 204, body: undefined }],
    ['404 where asked', { status: 404, statuses: [...STORED_STATUSES, 404] }],
    ['one that may be used stale', { lifetime: { ...LIFETIME, freshSeconds: 0, staleIfErrorSeconds: 60 } }],
    ['max-age', { headers: { 'cache-control': 'max-age=60, public' } }],
    ['a declared Vary', { headers: { vary: 'Accept-Language' }, vary: ['accept-language'] }],
    ['what compression and CORS middleware vary by', { headers: { vary: 'Origin, Accept-Encoding' } }],
  ])('lets %s be stored', (_what, facts) => {
    expect(refusalToStore({ ...OK, ...facts })).toBeUndefined();
  });

  it.each<[string, Partial<ResponseFacts>, string, boolean]>([
    ['a response that was sent', { sent: true }, 'sends the response itself', true],
    ['a redirect', { status: 302 }, 'status is 302', false],
    ['201', { status: 201 }, 'status is 201', false],
    ['one that is stale at once', { lifetime: { ...LIFETIME, freshSeconds: 0 } }, 'stale at once', false],
    ['a part', { status: 206 }, 'status is 206', false],
    ['an error', { status: 404 }, 'status is 404', false],
    ['no-store', { headers: { 'cache-control': 'max-age=60, No-Store' } }, 'no-store', false],
    ['private', { headers: { 'cache-control': 'private="x"' } }, 'private', false],
    ['no-cache', { headers: { 'cache-control': 'no-cache' } }, 'no-cache', false],
    ['a cookie', { headers: { 'set-cookie': ['a=1'] } }, 'sets a cookie', false],
    ['Vary: *', { headers: { vary: '*, Accept' } }, 'Vary: *', true],
    ['no body', { body: undefined }, 'no body', false],
    ['a stream', { body: Readable.from([]) }, 'is a stream', true],
  ])('refuses %s', (_what, facts, reason, isMistake) => {
    expect(refusalToStore({ ...OK, ...facts })).toEqual({ reason: expect.stringContaining(reason), isMistake });
  });
});

describe('refusalToStore, of a response that varies by more than its key holds,', () => {
  it('names what the next key has to hold', () => {
    const facts = { ...OK, headers: { vary: 'Accept, X-Tenant, Accept-Encoding' }, vary: ['x-tenant'] };
    expect(refusalToStore(facts)).toMatchObject({ isMistake: false, learned: ['accept'] });
  });

  it('counts the origin only where the handler answers by it, and never once the key holds it', () => {
    const facts = { ...OK, headers: { vary: 'Origin' }, changed: ['access-control-allow-origin'] };
    expect(refusalToStore(facts)).toMatchObject({ learned: ['origin'] });
    expect(refusalToStore({ ...facts, vary: ['origin'] })).toBeUndefined();
    expect(refusalToStore({ ...facts, changed: [] })).toBeUndefined();
  });
});

describe('isStream', () => {
  it('knows everything that can be read only once', () => {
    async function* pages(): AsyncGenerator<number> {
      yield 1;
    }
    const streams = [new ReadableStream(), pages(), new Response('x'), { getStream: () => 1 }, Promise.resolve(1)];
    expect(streams.map(isStream)).toEqual(streams.map(() => true));
    expect([{}, [], null, 'text', new Date(), Buffer.from('x')].some(isStream)).toBe(false);
  });
});
