import { fromPortable } from '../engine/codec/portable.js';
import { ClassPolicy } from '../engine/codec/class-policy.js';
import { resolveOptions } from '../engine/options/resolve-options.js';
import { PortableValues } from './portable-values.js';

class User {
  constructor(readonly name: string) {}
}

describe('PortableValues', () => {
  const values = new PortableValues({ types: [User] });

  it.each([null, 0, '', { a: [1, { b: null }] }])('shows %j as it is', (value) => {
    expect(values.toWire(value)).toEqual({ value });
  });

  it('shows what JSON has no word for in a notation that brings it back', () => {
    const value = { when: new Date(0), ids: new Set([1n]), bytes: new Uint8Array([1]), user: new User('Ada') };
    const shown = values.toWire(value);
    expect(shown.value_type).toBe('typed');
    const read = fromPortable(
      { type: 'typed', value: JSON.parse(JSON.stringify(shown.value)) },
      new ClassPolicy(resolveOptions({ types: [User] })),
    );
    expect(read).toEqual(value);
  });

  it('shows instances of any class, whatever may be stored', () => {
    class Other {
      id = 1;
    }
    const strict = new PortableValues({ classInstances: 'refuse' });
    expect(strict.toWire(new Other()).value_type).toBe('typed');
  });

  it.each([() => 1, Promise.resolve(), { deep: [Symbol('a')] }])(
    'shows only that there is a value (case %#)',
    (value) => {
      expect(values.toWire(value)).toEqual({ value: null, value_type: 'opaque' });
    },
  );

  it('shows what is nested too deeply for JSON', () => {
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
    const shown = values.toWire(deep);
    expect(shown.value_type).toBe('typed');
    expect(() => JSON.stringify(shown)).not.toThrow();
  });
});
