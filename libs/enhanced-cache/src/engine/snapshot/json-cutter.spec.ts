import fc from 'fast-check';
import { setOwnField } from '../codec/own-field.js';
import { ImportError } from '../errors.js';
import { JsonCutter, parsePart } from './json-cutter.js';

/** The object that the parts come to, as `JSON.parse` would give it. */
function readIn(chunks: string[]): unknown {
  const cutter = new JsonCutter();
  const object: Record<string, unknown> = {};
  const entries: unknown[] = [];
  for (const chunk of chunks) {
    for (const part of cutter.push(chunk)) {
      if ('element' in part) entries.push(parsePart(part.element));
      else setOwnField(object, part.key, parsePart(part.text));
    }
  }
  cutter.end();
  return cutter.hasEntries ? { ...object, entries } : object;
}

function chunksOf(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
}

describe('JsonCutter', () => {
  it('reads what JSON.parse reads, wherever the text is cut and however it is indented', () => {
    const key = fc.oneof({ weight: 4, arbitrary: fc.string({ unit: 'binary' }) }, fc.constant('entries'));
    const object = fc.record({
      before: fc.dictionary(key, fc.jsonValue(), { maxKeys: 3 }),
      entries: fc.oneof(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.jsonValue()),
      after: fc.dictionary(key, fc.jsonValue(), { maxKeys: 3 }),
    });
    fc.assert(
      fc.property(object, fc.nat(3), fc.integer({ min: 1, max: 9 }), ({ before, entries, after }, indent, size) => {
        const given = { ...before, entries, ...after };
        const text = `\uFEFF ${JSON.stringify(given, null, indent)}\n`;
        expect(readIn(chunksOf(text, size))).toEqual(JSON.parse(text.slice(1)));
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('refuses what JSON.parse refuses, wherever a character is missing, doubled or another', () => {
    const text = '{"a": {"b": [1, "x\\""]}, "entries": [{"k": 1}, [2], "s"], "c": null}';
    const chars = [...'{}[],:"\\ 1a'];
    const damaged = fc.record({
      at: fc.nat(text.length - 1),
      insert: fc.constantFrom('', ...chars),
      remove: fc.nat(2),
    });
    fc.assert(
      fc.property(damaged, fc.integer({ min: 1, max: 9 }), ({ at, insert, remove }, size) => {
        const broken = text.slice(0, at) + insert + text.slice(at + remove);
        let expected: unknown;
        try {
          expected = JSON.parse(broken);
        } catch {
          expect(() => readIn(chunksOf(broken, size))).toThrow(ImportError);
          return;
        }
        expect(readIn(chunksOf(broken, size))).toEqual(expected);
      }),
      { seed: 12, numRuns: 1500 },
    );
  });

  it.each(['', ' ', '[1]', '"text"', '7', '{', '{}{}', '{},', '{"a":1]', '{"entries":[1}}', '{"entries":[1]2}'])(
    'refuses %j',
    (text) => {
      expect(() => readIn([text])).toThrow(ImportError);
    },
  );

  it('hands out each entry as soon as it has ended', () => {
    const cutter = new JsonCutter();
    expect([...cutter.push('{"entries":[{"key":"a"},{"key":')]).toEqual([{ element: '{"key":"a"}' }]);
    expect([...cutter.push('"b"}]}')]).toEqual([{ element: '{"key":"b"}' }]);
  });
});
