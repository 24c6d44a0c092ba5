import { parameterNames } from './parameter-names.js';

type AnyFunction = (...args: never[]) => unknown;
const compiled = (source: string): AnyFunction => new Function(`return (${source})`)() as AnyFunction;

describe('parameterNames', () => {
  it.each<[string, (string | undefined)[]]>([
    ['function () {}', []],
    ['function f(a, b) {}', ['a', 'b']],
    ['async (a, $b, _c) => a', ['a', '$b', '_c']],
    ['a => a', ['a']],
    ['async a => a', ['a']],
    ['async a => (b) => a', ['a']],
    ['function* f(größe) {}', ['größe']],
    ['function (a = 1, b = "x, (y", c = [1, 2], d = f(1, 2)) {}', ['a', 'b', 'c', 'd']],
    ['function (a = (x, y) => x, b = { c: 1, d: `,)` }) {}', ['a', 'b']],
    ['function ({ a, b }, c, [d], ...rest) {}', [undefined, 'c', undefined, 'rest']],
    ['function /* (x) */ f(a /* , b */, // c)\n d) {}', ['a', 'd']],
    ['function (a,) {}', ['a']],
  ])('reads %s', (source, names) => {
    expect(parameterNames(compiled(source))).toEqual(names);
  });

  it('reads methods, computed names included', () => {
    const name = (key: string): string => key;
    const methods = {
      plain(a: number, b = 2) {
        return a + b;
      },
      async ['com(x)puted'](id: string) {
        return id;
      },
      async [name('called')](id: string, other: string) {
        return id + other;
      },
    };
    const expected = { plain: ['a', 'b'], 'com(x)puted': ['id'], called: ['id', 'other'] };
    for (const [key, names] of Object.entries(expected)) {
      expect(parameterNames(methods[key as keyof typeof methods])).toEqual(names);
    }
  });

  it('finds none in native functions and classes without a constructor', () => {
    expect(parameterNames(Math.max)).toEqual([]);
    expect(parameterNames(class {} as unknown as AnyFunction)).toEqual([]);
  });
});
