import fc from 'fast-check';
import { requestKey, variantKey, variantTag } from './request-key.js';

const key = (url: string) => requestKey('Cities.find', url, undefined);

describe('requestKey', () => {
  it('is the handler, the path and the sorted query', () => {
    expect(key('/cities/42?b=2&a=1&a=0')).toBe('http:Cities.find:/cities/42?a=1&a=0&b=2');
    expect(key('/cities')).toBe('http:Cities.find:/cities');
  });

  it.each([
    ['/a?x=1&y=2', '/a?y=2&x=1'],
    ['/a?x=a+b', '/a?x=a%20b'],
    ['/a?x=%C3%A4', '/a?x=ä'],
    ['/a?x', '/a?x='],
    ['/a?', '/a'],
    ['/a?x=1#part', '/a?x=1'],
  ])('is the same for %s and %s', (one, other) => {
    expect(key(one)).toBe(key(other));
  });

  it.each([
    ['/a', '/b'],
    ['/a?x=1', '/a?x=2'],
    ['/a?x=1&x=2', '/a?x=2&x=1'],
    ['/a?x=%26y%3D1', '/a?x=&y=1'],
    ['/a?x=%FF', '/a?x=%FE'],
    ['/a?x=%FF', '/a?x=%25FF'],
    ['/a%2Fb', '/a/b'],
  ])('differs for %s and %s', (one, other) => {
    expect(key(one)).not.toBe(key(other));
  });

  it('tells handlers apart, and the hosts of a controller that is bound to one', () => {
    expect(requestKey('V1.find', '/a', undefined)).not.toBe(requestKey('V2.find', '/a', undefined));
    expect(requestKey('A.b', '/a', { account: 'x' })).not.toBe(requestKey('A.b', '/a', { account: 'y' }));
  });

  it('leaves out parameters that do not count, however they are spelled', () => {
    const only = (url: string) => requestKey('A.b', url, undefined, new Set(['page', 'a%26b']));
    expect(only('/a?page=2&utm=1&x')).toBe(only('/a?%70age=2'));
    expect(only('/a?a%26b=1')).not.toBe(only('/a'));
    expect(only('/a?x=1')).toBe(only('/a'));
  });

  it('stays short for the longest URL', () => {
    expect(key(`/a?${'x=1&'.repeat(5000)}`).length).toBeLessThan(150);
  });
});

describe('variantKey', () => {
  it('leaves the base alone where there is nothing to vary by', () => {
    expect(variantKey('city:42', {}, [], undefined)).toBe('city:42');
  });

  it('names headers and identity after the base', () => {
    const headers = { 'accept-language': 'de, en' };
    expect(variantKey('k', headers, ['accept-language'], 'user=n1')).toBe('k|accept-language=de%2C%20en|user=n1');
    expect(variantKey('k', {}, ['a'], undefined)).not.toBe(variantKey('k', { a: '' }, ['a'], undefined));
    expect(variantKey('k', { a: 'x'.repeat(5000) }, ['a'], undefined).length).toBeLessThan(100);
  });

  it('lets no base spell the variant of another one', () => {
    const part = fc.string({ unit: fc.constantFrom('|', 'a', '=', 'user=n1', '%') });
    const call = fc.tuple(part, fc.option(fc.constantFrom('user=n1', 'user=n2'), { nil: undefined }));
    fc.assert(
      fc.property(call, call, ([a, who], [b, whom]) => {
        const same = a === b && who === whom;
        expect(variantKey(a, {}, [], who) === variantKey(b, {}, [], whom)).toBe(same);
      }),
      { seed: 7, numRuns: 5000 },
    );
  });
});

describe('variantTag', () => {
  it('fits into a tag whatever the key', () => {
    expect(variantTag('x'.repeat(1024)).length).toBeLessThanOrEqual(256);
  });
});
