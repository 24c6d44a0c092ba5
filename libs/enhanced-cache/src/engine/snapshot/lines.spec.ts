import fc from 'fast-check';
import { ImportError } from '../errors.js';
import { type Line, splitLines } from './lines.js';

async function collect(chunks: Iterable<unknown>, maxLength = Infinity): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of splitLines(chunks, maxLength)) lines.push(line);
  return lines;
}

const texts = (lines: Line[]) => lines.map((line) => ('text' in line ? line.text : line.problem));

describe('splitLines', () => {
  it('finds the same lines wherever the bytes are cut, in the middle of characters too', async () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((text) => `>${text.replace(/[\n\r]/g, '')}`);
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
        const bytes = Buffer.from(lines.join('\n'));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(texts(await collect(chunks))).toEqual(lines);
      }),
      { seed: 5 },
    );
  });

  it('finds the same lines wherever the text is cut, between the halves of a surrogate pair too', async () => {
    const text = '{"a":"🦄"}\n{"b":"🦄🦄"}\n';
    const chunks = Array.from({ length: text.length }, (_, index) => text.slice(index, index + 1));
    expect(texts(await collect(chunks))).toEqual(['{"a":"🦄"}', '{"b":"🦄🦄"}']);
  });

  it('numbers lines as an editor does and leaves blank ones out', async () => {
    expect(await collect(['a\n\n  \r\nb\n'])).toEqual([
      { number: 1, text: 'a' },
      { number: 4, text: 'b' },
    ]);
  });

  it('reads nothing from nothing', async () => {
    expect(await collect([])).toEqual([]);
    expect(await collect(['', new Uint8Array(0)].slice(0, 1))).toEqual([]);
  });

  it('reports a line that is too long and goes on with the next', async () => {
    const chunks = ['short\n', 'x'.repeat(60), 'x'.repeat(60), '\nnext'];
    expect(await collect(chunks, 100)).toEqual([
      { number: 1, text: 'short' },
      { number: 2, problem: 'the line is longer than 100' },
      { number: 3, text: 'next' },
    ]);
  });

  it('reports a line that is not UTF-8 and goes on with the next', async () => {
    const lines = await collect([Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a, 0x62])]);
    expect(lines[1]).toMatchObject({ number: 2, problem: expect.stringContaining('not UTF-8') });
    expect(texts(lines)[2]).toBe('b');
  });

  it.each([[[1]], [['text', Buffer.from('bytes')]], [[Buffer.from('bytes'), 'text']], [[null]]])(
    'refuses chunks that are not text or bytes of one kind: %p',
    async (chunks) => {
      await expect(collect(chunks)).rejects.toThrow(ImportError);
    },
  );
});
