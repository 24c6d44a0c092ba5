import { InvalidOptionsError } from '../../engine/errors.js';
import { type HttpOptions, httpRule } from './http-rule.js';

describe('httpRule', () => {
  it('stores what may be stored unasked, every parameter, and compresses what is the same for all', () => {
    expect(httpRule({}, false)).toMatchObject({
      statuses: [200, 203, 204],
      query: undefined,
      encodings: [],
      front: false,
    });
    expect(httpRule({}, true).encodings).toEqual(['br', 'gzip']);
  });

  it('adds statuses, names parameters as they stand in a key, and counts in seconds', () => {
    const rule = httpRule({ statuses: [404, 200], query: ['a b'], browserTtl: '1m', sharedTtl: 90.5 }, true);
    expect(rule).toMatchObject({ statuses: [200, 203, 204, 404], browserSeconds: 60, sharedSeconds: 90.5 });
    expect(rule.query).toEqual(new Set(['a%20b']));
  });

  it.each<[string, HttpOptions, boolean]>([
    ['statuses', { statuses: [206] }, true],
    ['statuses', { statuses: 404 as never }, true],
    ['encodings', { encodings: ['zstd' as never] }, true],
    ['query', { query: [''] }, true],
    ['query', { query: 'page' as never }, true],
    ['maxVariants', { maxVariants: 0 }, true],
    ['maxVariants', { maxVariants: 1.5 }, true],
    ['browserTtl', { browserTtl: 0 }, true],
    ['sharedTtl', { sharedTtl: '1m' }, false],
    ['tagHeader', { tagHeader: 'X-Tags' as never }, true],
    ['front', { front: true }, false],
    ['front', { front: 'yes' as never }, true],
  ])('refuses %s: %j with shared: %s', (name, options, shared) => {
    expect(() => httpRule(options, shared)).toThrow(InvalidOptionsError);
    expect(() => httpRule(options, shared)).toThrow(new RegExp(`^${name}`));
  });
});
