import { ImportError } from '../errors.js';
import { FakeClock } from '../ports/fake-clock.js';
import { SliceBudget } from '../slices.js';
import { type ImportText, readImportText } from './import-text.js';

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

const read = (chunks: AsyncIterable<unknown> | Iterable<unknown>, maxLength: number): Promise<ImportText> =>
  readImportText(chunks, maxLength, new SliceBudget(new FakeClock()));

describe('readImportText', () => {
  it('takes a first line without entries that others follow for an NDJSON header, and loses no line', async () => {
    const text = await read([`${HEADER}\n{"key":"a"}\n{"key":"b"}`], Infinity);
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
    expect((await read([named], Infinity)).format).toBe('ndjson');
    expect(await read([HEADER], Infinity)).toEqual({ format: 'json', document: JSON.parse(HEADER) });
  });

  it('refuses a document that is longer than may be held, over all of its lines', async () => {
    const source = sourceOf('{\n', '"entries":[\n', `"${'x'.repeat(30)}",\n`, `"${'x'.repeat(30)}"\n`, ']}');
    await expect(read(source.chunks, 64)).rejects.toThrow('document: expected at most 64 bytes');
  });

  it('refuses a line that is longer than may be held', async () => {
    const source = sourceOf('{"entries":', `"${'x'.repeat(100)}"`, '}');
    await expect(read(source.chunks, 64)).rejects.toThrow(ImportError);
    expect(source.closed).toBe(true);
  });

  it('lets go of a source whose header is not that of an export', async () => {
    const source = sourceOf('{"version":2}\n', '{"key":"a"}\n', '{"key":"b"}\n');
    await expect(read(source.chunks, 64)).rejects.toThrow('version: expected 1');
    expect(source.closed).toBe(true);
  });

  it('reads a document of one line that is far longer than a header, and lets the event loop turn meanwhile', async () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => ({ key: `k${i}`, value: 'ü'.repeat(30) }));
    const document = { version: 1, exported_at: MOMENT, entries };
    let settled = false;
    const reading = read([Buffer.from(JSON.stringify(document))], Infinity).finally(() => (settled = true));
    let turns = 0;
    for (; !settled; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(turns).toBeGreaterThan(3);
    expect(await reading).toEqual({ format: 'json', document });
  });

  it('takes a document whose first line is a whole object for JSON where that has entries', async () => {
    const document = `${HEADER.replace('}', ',"entries":[]}')}\n`;
    expect(await read([document], Infinity)).toEqual({ format: 'json', document: JSON.parse(document) });
    await expect(read([`${document}{}`], Infinity)).rejects.toThrow('document: not JSON');
  });

  it.each<[string, unknown[]]>([
    ['bytes that are not UTF-8 far from the beginning', [`{"a":"`, 'x'.repeat(1e6)].map((text) => Buffer.from(text))],
    ['a chunk that is neither text nor bytes', ['{"a":"', 'x'.repeat(1e6), 7]],
  ])('refuses %s', async (_what, chunks) => {
    await expect(read([...chunks, Buffer.from([0xff])], Infinity)).rejects.toThrow(ImportError);
  });
});
