import { ageSeconds, changedHeaders, isStoredResponse, keptHeaders, storedResponse } from './stored-response.js';

const RESPONSE = storedResponse({ status: 200, headers: {}, body: 1, etag: '"e"', createdAtMs: 10_000 });

describe('stored responses', () => {
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
      link: ['a', 'b'],
      other: 'x',
    };
    const changed = ['x-a', 'set-cookie', 'date', 'connection', 'etag', 'link'];
    expect(keptHeaders(headers, changed)).toEqual({ 'x-a': '1', link: ['a', 'b'] });
  });

  it('counts its age in whole seconds and never below zero', () => {
    expect([ageSeconds(RESPONSE, 12_999), ageSeconds(RESPONSE, 5000)]).toEqual([2, 0]);
  });

  it('is told from every other value, after a copy too', () => {
    expect(isStoredResponse(structuredClone(RESPONSE))).toBe(true);
    expect([null, 1, {}, { kind: 'other' }].some(isStoredResponse)).toBe(false);
  });
});
