import type { CacheableOptions, CacheEvictOptions } from './decorator-options.js';
import { evictRule, storeRule } from './rules.js';

const scope = { args: [7, 'x'], named: () => undefined };

describe('storeRule', () => {
  it('takes texts, templates and functions', () => {
    const rule = storeRule('cacheable', {
      key: 'a:{0}',
      tags: (id: number, name: string) => [`t:${id}`, name],
      vary: ['B', 'a', 'b'],
    });
    expect(rule.key?.resolve(scope)).toBe('a:7');
    expect(rule.tags.resolve(scope)).toEqual(['t:7', 'x']);
    expect(rule.vary).toEqual(['a', 'b']);
    expect(storeRule('cacheable', { key: (id: number) => `f${id}` }).key?.resolve(scope)).toBe('f7');
  });

  it('hands only what was given to the cache, so that its own defaults hold', () => {
    expect(storeRule('cacheable', {}).attributes).toEqual({});
    expect(storeRule('cacheable', { ttl: null, priority: 5, cost: 0 }).attributes).toEqual({
      ttl: null,
      priority: 5,
      cost: 0,
    });
  });

  it.each<[CacheableOptions, string]>([
    [{ ttl: 0 }, 'ttl: expected'],
    [{ ttl: '5 parsecs' }, 'ttl: expected'],
    [{ priority: 101 }, 'priority: expected an integer from -100 to 100, received 101'],
    [{ cost: -1 }, 'cost: expected'],
    [{ metadata: 5 as never }, 'metadata: expected'],
    [{ tags: 'a' as never }, 'tags: expected an array of texts or a function'],
    [{ tags: ['a', ''] }, 'tags[1]: expected a non-empty string'],
    [{ key: '' }, 'key: expected a non-empty string'],
    [{ key: 'a:{result}' }, 'key and tags: expected no {result}'],
    [{ vary: ['a b'] }, 'vary: expected an array of names of request headers'],
    [{ vary: 'accept' as never }, 'vary: expected'],
    [{ shared: 1 as never }, 'shared: expected a boolean, received 1'],
    [{ condition: true as never }, 'condition: expected a function, received true'],
    [{ unless: 1 as never }, 'unless: expected a function'],
    [{ cache: '' }, 'cache: expected the name of a cache'],
    [{ tll: 5 } as never, 'tll: expected no option of that name'],
    [[] as never, 'options: expected an object'],
  ])('refuses %j', (options, message) => {
    expect(() => storeRule('cacheable', options)).toThrow(message);
  });

  it('refuses a put without a key', () => {
    expect(() => storeRule('put', {})).toThrow('key: expected the key of the entry to write, received undefined');
    expect(storeRule('put', { key: '{result.id}' }).key?.needsResult).toBe(true);
  });

  it.each([
    [() => '', 'key(): expected to return non-empty text, received ""'],
    [() => undefined as never, 'key(): expected to return non-empty text, received undefined'],
  ])('names a key function that returns no key', (key, message) => {
    expect(() => storeRule('cacheable', { key }).key?.resolve(scope)).toThrow(message);
  });

  it('names a tags function that returns no texts', () => {
    const single = storeRule('cacheable', { tags: () => 'a' as never });
    expect(() => single.tags.resolve(scope)).toThrow('tags(): expected to return an array of texts, received "a"');
    const rule = storeRule('cacheable', { tags: () => ['a', 5] as never });
    expect(() => rule.tags.resolve(scope)).toThrow('tags(): expected to return non-empty text, received 5');
  });
});

describe('evictRule', () => {
  it.each<[CacheEvictOptions, string]>([
    [{}, '@CacheEvict: expected at least one of keys, tags and all'],
    [{ all: false }, '@CacheEvict: expected at least one of keys, tags and all'],
    [{ all: 1 as never }, 'all: expected a boolean'],
    [{ keys: ['{result}'], before: true }, 'before: expected false, as keys or tags name {result}'],
    [{ key: 'a' } as never, 'key: expected no option of that name (known: cache, condition, keys, tags, all, before)'],
  ])('refuses %j', (options, message) => {
    expect(() => evictRule(options)).toThrow(message);
  });

  it('evicts after the method unless told otherwise', () => {
    expect(evictRule({ all: true })).toMatchObject({ all: true, before: false });
  });
});
