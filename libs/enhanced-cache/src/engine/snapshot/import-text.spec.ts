import { ImportError } from '../errors.js';
import { readImportText } from './import-text.js';

const MOMENT = '2026-01-01T00:00:00.000Z';
const HEADER = `{"version":1,"exported_at":"${MOMENT}"}`;

/** Text in chunks, and whether who read it has let go of it. */
function sourceOf(...chunks: string[]) {
  const source = { closed: false, chunks: read() };
  async function* read() {
    try {
      yield* chunks;
    } finally {
      source.closed = true;
    }
  }
  return source;
}

describe('readImportText', () => {
  it('takes a first line without entries that others follow for an NDJSON header, and loses no line', async () => {
    const text = await readImportText([`${HEADER}\n{"key":"a"}\n{"key":"b"}`], Infinity);
    if (text.format !== 'ndjson') throw new Error('expected NDJSON');
    const lines: unknown[] = [];
    for await (const line of text.lines) lines.push(line);
    expect(text.exportedAtMs).toBe(Date.parse(MOMENT));
    expect(lines).toEqual([
      { number: 2, text: '{"key":"a"}' },
      { number: 3, text: '{"key":"b"}' },
    ]);
  });

  it('takes a lone line for NDJSON only where it says so', async () => {
    const named = HEADER.replace('}', ',"format":"ndjson"}');
    expect((await readImportText([named], Infinity)).format).toBe('ndjson');
    expect(await readImportText([HEADER], Infinity)).toEqual({ format: 'json', document: JSON.parse(HEADER) });
  });

  it('refuses a document that is longer than may be held, over all of its lines', async () => {
    const source = sourceOf('{\n', '"entries":[\n', `"${'x'.repeat(30)}",\n`, `"${'x'.repeat(30)}"\n`, ']}');
    await expect(readImportText(source.chunks, 64)).rejects.toThrow('document: expected at most 64 bytes');
  });

  it('refuses a line that is longer than may be held', async () => {
    const source = sourceOf('{"entries":', `"${'x'.repeat(100)}"`, '}');
    await expect(readImportText(source.chunks, 64)).rejects.toThrow(ImportError);
    expect(source.closed).toBe(true);
  });

  it('lets go of a source whose header is not that of an export', async () => {
    const source = sourceOf('{"version":2}\n', '{"key":"a"}\n', '{"key":"b"}\n');
    await expect(readImportText(source.chunks, 64)).rejects.toThrow('version: expected 1');
    expect(source.closed).toBe(true);
  });
});
