import { controllerPath, judgeController } from './controller-options.js';

const auth = { secret: 'x'.repeat(32) };

describe('controllerPath', () => {
  it.each<[object | undefined, string]>([
    [undefined, 'api/v1/enhanced-cache'],
    [{}, 'api/v1/enhanced-cache'],
    [{ path: '/ops/cache/' }, 'ops/cache'],
    [{ path: 5 }, 'api/v1/enhanced-cache'],
  ])('of %j is %s', (controller, path) => {
    expect(controllerPath(controller)).toBe(path);
  });
});

describe('judgeController', () => {
  it('takes the key from either side and the limit in bytes', () => {
    expect(judgeController({ auth, importLimitMb: 0.5 }).importLimitBytes).toBe(524_288);
    expect(judgeController(undefined, { auth }).verification?.keys).toHaveLength(1);
    expect(judgeController({ path: 'cache', auth: undefined }, { auth }).verification?.keys).toHaveLength(1);
    expect(judgeController({ auth: false }).verification).toBeNull();
  });

  it('has a limit for imports where none was given', () => {
    expect(judgeController({ auth: false }).importLimitBytes).toBe(2 ** 30);
  });

  it.each<[unknown, unknown, RegExp]>([
    [undefined, undefined, /^controller\.auth: expected \{ secret \}/],
    [true, undefined, /^controller: expected false or \{ path, auth \}, received true$/],
    [[], undefined, /^controller: expected false or/],
    [{ auth, secret: 'hunter2' }, undefined, /^controller\.secret: .* received "a string"$/],
    [{ auth, path: '' }, undefined, /^controller\.path: /],
    [{ auth, path: 'a//b' }, undefined, /^controller\.path: /],
    [{ auth, path: 'a/*rest' }, undefined, /^controller\.path: /],
    [{ auth, importLimitMb: '5' }, undefined, /^controller\.importLimitMb: /],
    [{ auth, importLimitMb: Infinity }, undefined, /^controller\.importLimitMb: /],
    [{ auth }, { auth }, /^controller\.auth: expected it beside useFactory or in what that returns, received "both"$/],
    [
      undefined,
      { auth, path: 'a' },
      /^controller\.path: expected no option of that name \(known: auth, importLimitMb\)/,
    ],
    [undefined, false, /^controller: expected \{ auth \}; path and controller: false stand beside useFactory/],
  ])('refuses %j with %j', (given, returned, sentence) => {
    expect(() => judgeController(given, returned)).toThrow(sentence);
  });
});
