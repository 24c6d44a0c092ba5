import { judgeAuth } from './jwt-auth-options.js';

const secret = 'x'.repeat(32);

describe('judgeAuth', () => {
  it('is null where auth is switched off', () => {
    expect(judgeAuth(false)).toBeNull();
  });

  it('looks at nobody and nothing unless told', () => {
    expect(judgeAuth({ secret })).toEqual({
      keys: [{ material: Buffer.from(secret), algorithms: ['HS256'] }],
      issuers: undefined,
      audiences: undefined,
      clockToleranceSeconds: 0,
      maxAgeSeconds: undefined,
    });
  });

  it('takes one or several of keys, issuers and audiences', () => {
    const judged = judgeAuth({
      secret: [secret, 'y'.repeat(40)],
      issuer: 'a',
      audience: ['b', 'c'],
      maxAgeSeconds: 60,
    });
    expect(judged?.keys).toHaveLength(2);
    expect(judged).toMatchObject({ issuers: ['a'], audiences: ['b', 'c'], maxAgeSeconds: 60 });
  });

  it.each<[unknown, RegExp]>([
    [undefined, /^controller\.auth: expected \{ secret \} or \{ publicKey \}.*or false to leave the API open/],
    [null, /^controller\.auth: expected \{ secret \}/],
    [true, /^controller\.auth: expected an object, or false, received "boolean"$/],
    ['my secret', /^controller\.auth: expected an object, or false, received "string"$/],
    [{}, /^controller\.auth: expected one of secret and publicKey, received "none"$/],
    [{ secret, publicKey: 'x' }, /received "both"$/],
    [{ secret: [] }, /^controller\.auth\.secret: expected at least one/],
    [{ secret: [secret, 'short'] }, /^controller\.auth\.secret\[1\]: expected at least 32 bytes/],
    [
      { sekret: 'my secret' },
      /^controller\.auth\.sekret: expected no option of that name \(known: secret, .*received "one"$/,
    ],
    [{ secret, issuer: '' }, /^controller\.auth\.issuer: /],
    [{ secret, audience: [] }, /^controller\.auth\.audience: /],
    [{ secret, algorithms: [] }, /^controller\.auth\.algorithms: /],
    [
      { secret, clockToleranceSeconds: 6 },
      /^controller\.auth\.clockToleranceSeconds: expected .* from 0 to 5, received 6$/,
    ],
    [{ secret, clockToleranceSeconds: NaN }, /received NaN$/],
    [{ secret, maxAgeSeconds: 0 }, /^controller\.auth\.maxAgeSeconds: /],
  ])('refuses %j without repeating a secret', (auth, sentence) => {
    const judge = () => judgeAuth(auth);
    expect(judge).toThrow(sentence);
    expect(judge).not.toThrow(/my secret/);
  });
});
