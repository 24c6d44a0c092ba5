import { entityTag, noneMatchNames } from './entity-tag.js';

describe('entityTag', () => {
  it('is equal for equal bodies and differs otherwise', () => {
    expect(entityTag(Buffer.from('a'))).toBe(entityTag(Buffer.from('a')));
    expect(new Set(['a', 'b', '', 'ab'].map((text) => entityTag(Buffer.from(text)))).size).toBe(4);
  });

  it('is a strong tag of a length that no chance repeats', () => {
    expect(entityTag(Buffer.from('x'))).toMatch(/^"[\w-]{22}"$/);
  });
});

describe('noneMatchNames', () => {
  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['', false],
    [undefined, false],
  ])('If-None-Match: %s: %s', (field, named) => {
    expect(noneMatchNames(field, '"a"')).toBe(named);
    expect(noneMatchNames(field, 'W/"a"')).toBe(named);
  });

  it('finds a tag with a comma in it', () => {
    expect(noneMatchNames('"x", "a,b"', '"a,b"')).toBe(true);
  });
});
