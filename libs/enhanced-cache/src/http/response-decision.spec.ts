import { Readable } from 'node:stream';
import { isStream, refusalToStore, type ResponseFacts } from './response-decision.js';

const OK: ResponseFacts = { status: 200, headers: {}, changed: [], body: {}, vary: [], sent: false };

describe('refusalToStore', () => {
  it.each<[string, Partial<ResponseFacts>]>([
    ['a success', {}],
    ['null', { body: null }],
    ['an empty text', { body: '' }],
    ['203', { status: 203 }],
    ['max-age', { headers: { 'cache-control': 'max-age=60, public' } }],
    ['a declared Vary', { headers: { vary: 'Accept-Language' }, vary: ['accept-language'] }],
    ['what compression and CORS middleware vary by', { headers: { vary: 'Origin, Accept-Encoding' } }],
  ])('lets %s be stored', (_what, facts) => {
    expect(refusalToStore({ ...OK, ...facts })).toBeUndefined();
  });

  it.each<[string, Partial<ResponseFacts>, string, boolean]>([
    ['a response that was sent', { sent: true }, 'sends the response itself', true],
    ['a redirect', { status: 302 }, 'status is 302', false],
    ['a part', { status: 206 }, 'status is 206', false],
    ['an error', { status: 404 }, 'status is 404', false],
    ['no-store', { headers: { 'cache-control': 'max-age=60, No-Store' } }, 'no-store', false],
    ['private', { headers: { 'cache-control': 'private="x"' } }, 'private', false],
    ['no-cache', { headers: { 'cache-control': 'no-cache' } }, 'no-cache', false],
    ['a cookie', { headers: { 'set-cookie': ['a=1'] } }, 'sets a cookie', false],
    ['an open Vary', { headers: { vary: 'Accept' } }, 'varies by accept', true],
    ['Vary: *', { headers: { vary: '*' } }, 'varies by *', true],
    [
      'a handler that answers by origin',
      { headers: { vary: 'Origin' }, changed: ['access-control-allow-origin'] },
      'varies by origin',
      true,
    ],
    ['no body', { body: undefined }, 'no body', false],
    ['a stream', { body: Readable.from([]) }, 'is a stream', true],
  ])('refuses %s', (_what, facts, reason, isMistake) => {
    expect(refusalToStore({ ...OK, ...facts })).toEqual({ reason: expect.stringContaining(reason), isMistake });
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
