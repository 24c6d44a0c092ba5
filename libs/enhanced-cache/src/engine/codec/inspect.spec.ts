import { createContext, runInContext } from 'node:vm';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { difference } from '../../../test/support/same-value.js';
import { anyValue } from '../../../test/support/value-samples.js';
import { InvalidValueError } from '../errors.js';
import { inspect } from './inspect.js';

describe('inspect', () => {
  it.each([
    ['a flat object', { a: 1, b: 'x', c: null, d: false }],
    ['nested objects and arrays', { a: [{ b: [] }, 1.5] }],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['an own __proto__ field', JSON.parse('{"__proto__":1}')],
    ['an object of another realm', runInContext('({ a: [1, { b: 2 }] })', createContext())],
    ['fields with symbol keys, which are not data', { a: 1, [Symbol('meta')]: 1 }],
  ])('calls JSON-safe: %s', (_, value) => {
    expect(inspect(value).shape).toBe('json');
  });

  it.each([
    ['undefined in a field', { a: undefined }],
    ['undefined in an array', [undefined]],
    ['a hole', Object.assign([], { 1: 1 })],
    ['an array with fields', Object.assign([1], { index: 0 })],
    ['negative zero', { a: -0 }],
    ['NaN', [NaN]],
    ['an infinity', [Infinity]],
    ['a bigint', [1n]],
    ['a date', { at: new Date() }],
    ['a reference that is met twice', ((part) => [part, part])({})],
    [
      'a cycle',
      ((part: { self?: unknown }) => {
        part.self = part;
        return part;
      })({}),
    ],
  ])('calls structured: %s', (_, value) => {
    expect(inspect(value).shape).toBe('structured');
  });

  it('calls JSON-safe only what JSON brings back exactly', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        if (inspect(value).shape === 'json') {
          expect(difference(value, JSON.parse(JSON.stringify(value)))).toBeUndefined();
        }
      }),
      { seed: 20260103, numRuns: 500 },
    );
  });

  it('reports class instances once each, and whether errors or bytes are there', () => {
    class User {}
    const user = new User();
    const found = inspect({ a: user, b: [user], c: { at: new RangeError('x') }, d: Buffer.from('x') });
    expect(found).toMatchObject({ instances: [user], hasErrors: true, hasBinary: true });
    expect(inspect({ a: 1 })).toMatchObject({ instances: [], hasErrors: false, hasBinary: false });
  });

  it('survives values that are 200 000 deep, refusals included', () => {
    const nested = (core: unknown): unknown => {
      let value = core;
      for (let level = 0; level < 200_000; level++) value = { value };
      return value;
    };
    expect(inspect(nested(1)).shape).toBe('json');
    let thrown: unknown;
    try {
      inspect(nested(() => 1));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InvalidValueError);
    expect((thrown as InvalidValueError).path.length).toBeLessThan(400);
  });

  it.each([
    ['a stream', new PassThrough(), /a stream cannot be stored/],
    ['a web stream', new ReadableStream(), /a stream cannot be stored/],
    ['a response', new Response('x'), /a Response cannot be stored/],
    ['a promise', Promise.resolve(), /await it first/],
    [
      'a thenable',
      new (class Query {
        then(): void {
          throw new Error('not called');
        }
      })(),
      /await it first/,
    ],
    [
      'an observable',
      new (class Observable {
        ['@@observable'](): this {
          return this;
        }
      })(),
      /observable/,
    ],
    [
      'a file to stream',
      new (class StreamableFile {
        getStream(): this {
          return this;
        }
      })(),
      /a stream/,
    ],
    [
      'a generator',
      (function* () {
        yield 1;
      })(),
      /a generator/,
    ],
    ['an iterator', [1][Symbol.iterator](), /an iterator/],
    [
      'an async iterable',
      new (class Rows {
        async *[Symbol.asyncIterator]() {
          yield 1;
        }
      })(),
      /asynchronous iterable/,
    ],
    ['a weak reference', new WeakRef({}), /WeakRef/],
    ['a boxed symbol', Object(Symbol('s')), /a symbol/],
    ['a view of shared memory', new Uint8Array(new SharedArrayBuffer(2)), /shared memory/],
    [
      'a detached buffer',
      ((buffer) => (structuredClone(buffer, { transfer: [buffer] }), buffer))(new ArrayBuffer(2)),
      /detached/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(() => inspect({ at: value })).toThrow(message);
    expect(() => inspect({ at: value })).toThrow(/^value\.at: /);
  });

  it('names the accessor that throws', () => {
    const value = {
      list: [
        {
          get broken(): never {
            throw new Error('no connection');
          },
        },
      ],
    };
    expect(() => inspect(value)).toThrow('value.list[0].broken: reading it failed: no connection');
  });
});
