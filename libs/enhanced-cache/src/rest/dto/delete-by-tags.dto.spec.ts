import { readDeleteByTags } from './delete-by-tags.dto.js';

describe('readDeleteByTags', () => {
  it.each<[object, object]>([
    [{ body: { tags: ['a'], match: 'all' } }, { tags: ['a'], match: 'all' }],
    [{ body: { tags: ['a,b'] }, query: {} }, { tags: ['a,b'] }],
    [{ query: { tags: 'a,b' } }, { tags: ['a', 'b'] }],
    [
      { query: { tags: 'a', match: 'all' }, body: {} },
      { tags: ['a'], match: 'all' },
    ],
    [{ query: { tags: 'a' }, body: null }, { tags: ['a'] }],
  ])('reads %j', (request, expected) => {
    expect({ ...readDeleteByTags(request) }).toEqual(expected);
  });

  it.each<object>([
    {},
    { body: { tags: [''] } },
    { query: { match: 'any' } },
    { query: { match: 'any' }, body: { tags: ['a'] } },
    { query: { tags: 'a', other: '1' } },
    { query: { tags: ['a', 'b'] } },
    { query: { tags: 'a,' } },
  ])('refuses %j', (request) => {
    expect(() => readDeleteByTags(request)).toThrow(expect.objectContaining({ status: 400 }));
  });
});
