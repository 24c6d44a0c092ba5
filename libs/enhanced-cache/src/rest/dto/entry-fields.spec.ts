import { cost, lifetime, priority, tags } from './entry-fields.js';

describe('fields of an entry', () => {
  it('take what the engine takes', () => {
    for (const ttl of [1, 0.5, '250ms', '7d', null]) expect(lifetime(ttl, 'ttl')).toBeUndefined();
    expect(tags(['a', 'b'.repeat(256)], 'tags')).toBeUndefined();
    expect([priority(-100, 'priority'), priority(100, 'priority'), cost(0, 'cost')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('say what the engine says', () => {
    expect(lifetime(-1, 'default_ttl')).toMatch(/^default_ttl: expected seconds > 0, or a duration.*received -1$/);
    expect(lifetime('5 minutes', 'ttl')).toMatch(/^ttl: .*received "5 minutes"$/);
    expect(tags(['a', 5], 'tags')).toBe('tags[1]: expected a string of 1 to 256 characters, received 5');
    expect(tags(Array(65).fill('a'), 'tags')).toMatch(/^tags: expected at most 64 tags/);
    expect(cost(Infinity, 'cost')).toMatch(/^cost: .*received Infinity$/);
  });
});
