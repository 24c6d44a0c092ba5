import { bearerToken, principalOf } from './cache-jwt.strategy.js';

const read = (authorization?: string | string[]) => bearerToken({ headers: { authorization } });

describe('bearerToken', () => {
  it.each(['Bearer a.b.c', 'bearer a.b.c', 'BEARER   a.b.c', 'Bearer a.b.c '])('reads %j', (header) => {
    expect(read(header)).toBe('a.b.c');
  });

  it.each([
    undefined,
    '',
    'a.b.c',
    'Bearer',
    'Bearer a.b',
    'Bearer a.b.',
    'Bearer a.b.c.d.e',
    'Bearer a.b.c d',
    'Bearer a.b.c, Bearer d.e.f',
    'Basic a.b.c',
    'Bearera.b.c',
    ' Bearer a.b.c',
    'Bearer a.b.c\n',
    ['Bearer a.b.c'],
  ])('finds no token in %j', (header) => {
    expect(read(header)).toBeNull();
  });
});

describe('principalOf', () => {
  const NOW = 1000;
  const of = (claims: unknown, tolerance = 0) => principalOf(claims, tolerance, NOW);

  it('knows the subject and the scopes', () => {
    expect(of({ exp: 2000, iat: NOW, sub: 'ops', scope: 'cache:read', scopes: ['cache:write'] })).toEqual({
      subject: 'ops',
      scopes: ['cache:read', 'cache:write'],
    });
    expect(of({ exp: 2000, sub: 5 })).toEqual({ subject: undefined, scopes: [] });
  });

  it.each([null, 'text', {}, { exp: '2000' }, { exp: 2000, iat: NOW + 1 }, { exp: 2000, iat: 'now' }])(
    'refuses %j',
    (claims) => {
      expect(of(claims)).toBeNull();
    },
  );

  it('lets the clock of the issuer be ahead by as much as is tolerated', () => {
    expect(of({ exp: 2000, iat: NOW + 5 }, 5)).not.toBeNull();
    expect(of({ exp: 2000, iat: NOW + 6 }, 5)).toBeNull();
  });
});
