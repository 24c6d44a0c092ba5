import fc from 'fast-check';
import { CACHE_SCOPES, grants, scopesOf } from './scopes.js';

describe('scopesOf', () => {
  it.each<[object, string[]]>([
    [{ scope: 'cache:read openid' }, ['cache:read', 'openid']],
    [{ scope: '  cache:read  ' }, ['cache:read']],
    [{ scopes: ['cache:read', 5, null, ''] }, ['cache:read']],
    [{ scope: 'a', scopes: ['b'] }, ['a', 'b']],
    [{ scope: ['cache:read'] }, []],
    [{ scopes: 'cache:read' }, []],
    [{ scope: { toString: () => 'cache:admin' } }, []],
    [{}, []],
  ])('reads %j', (claims, scopes) => {
    expect(scopesOf(claims as Record<string, unknown>)).toEqual(scopes);
  });
});

describe('grants', () => {
  it('lets a wider scope do what a narrower one may', () => {
    const table = CACHE_SCOPES.map((held) => CACHE_SCOPES.map((required) => grants([held], required)));
    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });

  it('grants nothing for scopes of something else', () => {
    const foreign = fc.string().filter((text) => !CACHE_SCOPES.some((scope) => scope === text));
    fc.assert(
      fc.property(fc.array(foreign), fc.constantFrom(...CACHE_SCOPES), (held, required) => !grants(held, required)),
      { seed: 7, numRuns: 200 },
    );
  });

  it('grants nothing that is no scope of this API', () => {
    expect(grants([...CACHE_SCOPES, 'cache:export'], 'cache:export' as never)).toBe(false);
  });
});
