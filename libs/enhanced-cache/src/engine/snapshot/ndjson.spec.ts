import { FakeSnapshotCache } from '../../../test/fakes/fake-snapshot-cache.js';
import { FakeClock } from '../ports/fake-clock.js';
import { exportDocument } from './export-document.js';
import { exportNdjson } from './ndjson.js';

function setUp(entries: number, value = 'value') {
  const clock = new FakeClock();
  const cache = new FakeSnapshotCache(clock);
  for (let index = 0; index < entries; index++) cache.put(`key:${index}`, value);
  return { clock, cache };
}

async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

describe('exportNdjson', () => {
  it('writes the same as the document does: a header line, then an entry a line', async () => {
    const { clock, cache } = setUp(3, 'größe\n線');
    const { entries, ...header } = await exportDocument(cache, clock, true);
    const lines = (await textOf(exportNdjson(cache, clock, true))).split('\n');
    expect(lines.pop()).toBe('');
    expect(JSON.parse(lines[0])).toEqual({ ...header, format: 'ndjson' });
    expect(lines.slice(1).map((line) => JSON.parse(line) as unknown)).toEqual(entries);
  });

  it('writes a header alone for an empty cache', async () => {
    const { clock, cache } = setUp(0);
    const lines = (await textOf(exportNdjson(cache, clock, true))).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
  });

  it('does not read on while nobody consumes', async () => {
    const { clock, cache } = setUp(20_000);
    const stream = exportNdjson(cache, clock, true);
    stream.read();
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(cache.reads).toBeGreaterThan(0);
    expect(cache.reads).toBeLessThan(2000);
    stream.destroy();
  });

  it('ends the walk when the stream is destroyed', async () => {
    const { clock, cache } = setUp(20_000);
    const stream = exportNdjson(cache, clock, true);
    for await (const _chunk of stream) break;
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(cache.reads).toBeLessThan(2000);
    expect(stream.destroyed).toBe(true);
  });

  it('fails the stream where the cache fails', async () => {
    const { clock, cache } = setUp(1);
    cache.read = () => {
      throw new Error('closed');
    };
    await expect(textOf(exportNdjson(cache, clock, true))).rejects.toThrow('closed');
  });
});
