import { ageSeconds, asStoredResponse, changedHeaders, keptHeaders, StoredResponse } from './stored-response.js';

const RESPONSE = new StoredResponse({
  status: 200,
  headers: [['content-type', 'text/plain']],
  body: Buffer.from('body'),
  etag: '"e"',
  lastModified: undefined,
  vary: ['accept'],
  createdAtMs: Date.UTC(2026, 0, 1),
  lifetime: { freshSeconds: 60, staleWhileRevalidateSeconds: undefined, staleIfErrorSeconds: undefined },
  thrown: undefined,
  codings: {},
});

describe('StoredResponse', () => {
  it('finds what the handler set or changed', () => {
    const before = { a: '1', b: ['x'], c: '3' };
    expect(changedHeaders(before, { a: '1', b: ['x', 'y'], c: '4', d: '5' })).toEqual(['b', 'c', 'd']);
  });

  it('keeps what was changed, except what belongs to one message', () => {
    const headers = {
      'x-a': 1,
      'set-cookie': ['s=1'],
      date: 'now',
      connection: 'close',
      etag: '"e"',
      vary: 'accept',
      link: ['a', 'b'],
      other: 'x',
    };
    const changed = ['x-a', 'set-cookie', 'date', 'connection', 'etag', 'vary', 'link'];
    expect(keptHeaders(headers, changed)).toEqual([
      ['x-a', '1'],
      ['link', ['a', 'b']],
    ]);
  });

  it('counts its age in whole seconds and never below zero', () => {
    expect([ageSeconds(10_000, 12_999), ageSeconds(10_000, 5000)]).toEqual([2, 0]);
  });

  it('is dated by its making', () => {
    expect(RESPONSE.date).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  });

  it('is told from every other value, and made anew from a copy', () => {
    expect(asStoredResponse(RESPONSE)).toBe(RESPONSE);
    const copy = asStoredResponse(structuredClone(RESPONSE.toPlain()));
    expect(copy).toBeInstanceOf(StoredResponse);
    expect(copy?.toPlain()).toEqual(RESPONSE.toPlain());
    expect([null, 1, {}, { kind: 'other' }].map(asStoredResponse)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('counts what it takes, further codings included', () => {
    const coded = RESPONSE.withCoding('gzip', Buffer.allocUnsafeSlow(5000));
    expect(coded.heldBytes - RESPONSE.heldBytes).toBeGreaterThanOrEqual(5000);
    expect(coded.codings.gzip?.byteLength).toBe(5000);
    expect(coded.etags).toEqual(['"e"', '"e-br"', '"e-gzip"']);
  });

  it.each([
    ['ASCII', 'short', true],
    ['ASCII of any length', 'x'.repeat(100_000), false],
    ['other text', 'grüße', false],
  ])('holds %s in the form that is sent soonest', (_what, text, isText) => {
    const { body } = new StoredResponse({ ...RESPONSE.toPlain(), body: Buffer.from(text) });
    expect(typeof body === 'string').toBe(isText);
    expect(Buffer.from(body as string).toString()).toBe(text);
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(RESPONSE, { status: 500 })).toThrow(TypeError);
  });
});
