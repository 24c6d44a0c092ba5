import fc from 'fast-check';
import { Template, type TemplateScope } from './template.js';

const scope = (args: unknown[], names: Record<string, unknown> = {}, result?: { value: unknown }): TemplateScope => ({
  args,
  named: (name) => names[name],
  result,
});
const render = (text: string, in_: TemplateScope): string => new Template(text, 'key').render(in_);

describe('Template', () => {
  it('is its own text without placeholders', () => {
    expect(render('cities', scope([]))).toBe('cities');
  });

  it('fills in positions, names, fields and the result', () => {
    const call = scope([7, { zip: '89073' }], { id: 7, city: { name: 'Ulm' } }, { value: { id: 9n, ok: true } });
    expect(render('a:{0}', call)).toBe('a:7');
    expect(render('{id}/{1.zip}/{city.name}', call)).toBe('7/89073/Ulm');
    expect(render('{result.id}-{result.ok}', call)).toBe('9-true');
    expect(render('{result}', scope([], { result: 'a parameter' }))).toBe('a parameter');
  });

  it.each<[string, unknown[], string]>([
    ['{0}', [], '{0} in key has no value in this call'],
    ['{id}', [], '{id} in key has no value in this call'],
    ['{0}', [null], '{0} in key is null, which is no text'],
    ['{0}', [{}], '{0} in key is an object of type Object, which is no text'],
    ['{0}', [NaN], '{0} in key is NaN, which is no text'],
    ['{0.constructor.name}', [{}], '{0.constructor.name} in key has no value'],
    ['{0.a.b}', [{ a: undefined }], '{0.a.b} in key has no value'],
  ])('names what is missing in %s', (text, args, message) => {
    expect(() => render(text, scope(args))).toThrow(message);
  });

  it.each(['', '{}', '{a b}', 'a{b', 'a}b', '{a}{b}', '{a}x{b}', '{a}%{b}', '{.a}', '{a.}', 42])(
    'refuses %j',
    (text) => {
      expect(() => new Template(text as string, 'tags[1]')).toThrow(/^tags\[1\]: expected /);
    },
  );

  it('knows whether it needs the result', () => {
    expect(['{result.id}', '{0}', '{results}'].map((text) => new Template(text, 'key').needsResult)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('leaves a single value as it is and escapes separators between several', () => {
    expect(render('user:{0}', scope(['a:b%']))).toBe('user:a:b%');
    expect(render('{0}:{1}', scope(['a:b%', 'c']))).toBe('a%3Ab%25:c');
  });

  it('gives one text for one list of values only', () => {
    const values = fc.tuple(fc.string({ unit: fc.constantFrom(':', '%', '3', 'A', '-') }), fc.string());
    const template = new Template('x{0}:-{1}', 'key');
    fc.assert(
      fc.property(values, values, (one, other) => {
        const same = one[0] === other[0] && one[1] === other[1];
        expect(template.render(scope(one)) === template.render(scope(other))).toBe(same);
      }),
      { seed: 11, numRuns: 3000 },
    );
  });
});
