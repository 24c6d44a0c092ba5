import { cacheControl, clientCacheControl, deltaSeconds } from './cache-control.js';

const parse = (text: string) => cacheControl({ 'cache-control': text });

describe('cacheControl', () => {
  it('reads names without case, arguments with or without quotes, and lists inside quotes as one', () => {
    const directives = parse('Private="set-cookie, no-store", MAX-age = "60" ,no-cache');
    expect(Object.fromEntries(directives)).toEqual({
      private: 'set-cookie, no-store',
      'max-age': '60',
      'no-cache': '',
    });
  });

  it('takes the first of several, and nothing from an absent header', () => {
    expect(deltaSeconds(parse('max-age=1, max-age=2'), 'max-age')).toBe(1);
    expect(cacheControl({}).size).toBe(0);
  });

  it.each([
    ['max-age=60', 60],
    ['max-age=0', 0],
    ['max-age=99999999999999', 2 ** 31],
    ['max-age=1.5', 0],
    ['max-age=-1', 0],
    ['max-age', 0],
    ['public', undefined],
  ])('%s is %s seconds', (text, seconds) => {
    expect(deltaSeconds(parse(text), 'max-age')).toBe(seconds);
  });
});

describe('clientCacheControl', () => {
  const nothing = {
    shared: true,
    browserSeconds: undefined,
    sharedSeconds: undefined,
    staleWhileRevalidateSeconds: undefined,
    staleIfErrorSeconds: undefined,
  };

  it('says nothing unasked', () => {
    expect(clientCacheControl({ ...nothing, staleIfErrorSeconds: 5 })).toBeUndefined();
  });

  it.each([
    [{ browserSeconds: 60 }, 'public, max-age=60'],
    [{ sharedSeconds: 600.9 }, 'public, max-age=0, s-maxage=600'],
    [
      { browserSeconds: 60, sharedSeconds: 600, staleWhileRevalidateSeconds: 30, staleIfErrorSeconds: 900 },
      'public, max-age=60, s-maxage=600, stale-while-revalidate=30, stale-if-error=900',
    ],
    [{ shared: false, browserSeconds: 60, sharedSeconds: 600 }, 'private, max-age=60'],
  ])('%j: %s', (lifetimes, field) => {
    expect(clientCacheControl({ ...nothing, ...lifetimes })).toBe(field);
  });
});
