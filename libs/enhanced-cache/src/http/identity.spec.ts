import { identityOf } from './identity.js';

describe('identityOf', () => {
  it('is absent without credentials', () => {
    expect([identityOf(undefined, { accept: '*/*' }), identityOf(null, {}), identityOf(false, { cookie: '' })]).toEqual(
      [undefined, undefined, undefined],
    );
  });

  it('takes the first identifier that a verified user has', () => {
    expect(identityOf({ sub: 's', id: 1 }, {})).toBe('user=n1');
    expect(identityOf({ sub: 's', iat: 1 }, { authorization: 'x' })).toBe(identityOf({ sub: 's', iat: 2 }, {}));
    expect(identityOf({ id: '1' }, {})).not.toBe(identityOf({ id: 1 }, {}));
    expect(identityOf('alice', {})).toBe('user=s5:alice');
  });

  it('tells equal identifiers of different realms apart', () => {
    const users = [{ id: 1 }, { id: 1, tenantId: 'a' }, { id: 1, tenantId: 'b' }, { id: 1, iss: 'a' }];
    expect(new Set(users.map((user) => identityOf(user, {}))).size).toBe(4);
  });

  it('takes the whole of a user without a known identifier, and refuses what cannot be compared', () => {
    expect(identityOf({ email: 'a@b.de' }, {})).not.toBe(identityOf({ email: 'c@b.de' }, {}));
    expect(identityOf({ email: 'a@b.de' }, {})).not.toContain('a@b.de');
    expect(() => identityOf({ can: () => true }, {})).toThrow('can is a function');
  });

  it('hashes credentials that nobody verified, each kind for itself', () => {
    const all = ['authorization', 'cookie', 'x-api-key'].map((name) => identityOf(undefined, { [name]: 's3cret' }));
    expect(new Set(all).size).toBe(3);
    expect(all.join()).not.toContain('s3cret');
    expect(identityOf(undefined, { authorization: 'a', cookie: 'b' })).not.toBe(all[0]);
  });
});
