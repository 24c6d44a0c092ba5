import { Readable } from 'node:stream';
import { importBody, type ImportRequest } from './import-body.js';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const NDJSON_TYPE = { 'content-type': 'Application/X-NDJSON' };
const streamOf = (...chunks: string[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

async function textOf(source: unknown): Promise<string> {
  let text = '';
  for await (const chunk of source as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString();
  return text;
}

describe('importBody', () => {
  it('is the parsed document where the body was JSON', () => {
    const body = { version: 1 };
    expect(importBody({ headers: JSON_TYPE, body }, 10)).toBe(body);
  });

  it.each<[string, (stream: Readable) => ImportRequest]>([
    ['left unread by Express', (stream) => Object.assign(stream, { headers: NDJSON_TYPE })],
    ['left unread by Fastify', (raw) => ({ headers: NDJSON_TYPE, raw })],
    ['handed on as the body', (body) => ({ headers: NDJSON_TYPE, body, raw: {} })],
  ])('is the stream where that was %s', async (_name, request) => {
    expect(await textOf(importBody(request(streamOf('{}\n', '{}\n')), 6))).toBe('{}\n{}\n');
  });

  it.each(['{}\n', Buffer.from('{}\n')])('is the text where the app read it', (body) => {
    expect(importBody({ headers: NDJSON_TYPE, body }, 10)).toBe(body);
  });

  it.each<[ImportRequest['headers'], number]>([
    [{}, 415],
    [{ 'content-type': 'text/csv' }, 415],
    [{ ...NDJSON_TYPE, 'content-encoding': 'gzip' }, 415],
    [{ ...NDJSON_TYPE, 'content-length': '11' }, 413],
    [NDJSON_TYPE, 400],
  ])('refuses %j', (headers, status) => {
    expect(() => importBody({ headers }, 10)).toThrow(expect.objectContaining({ status }));
  });

  it('stops at the limit and lets the rest of the request run out', async () => {
    const stream = streamOf('12345', '67890', 'x', 'more');
    const read: string[] = [];
    const reading = (async () => {
      for await (const chunk of importBody({ headers: NDJSON_TYPE, raw: stream }, 10) as AsyncIterable<Buffer>) {
        read.push(chunk.toString());
      }
    })();
    await expect(reading).rejects.toMatchObject({ status: 413 });
    expect(read).toEqual(['12345', '67890']);
    await new Promise((resolve) => stream.once('end', resolve));
  });

  it('lets the request run out where the reader stops early', async () => {
    const stream = streamOf('1', '2', '3');
    for await (const _chunk of importBody({ headers: NDJSON_TYPE, raw: stream }, 10) as AsyncIterable<Buffer>) break;
    await new Promise((resolve) => stream.once('end', resolve));
    expect(stream.readableEnded).toBe(true);
  });

  it('blames the client where the request breaks off', async () => {
    const stream = new Readable({ read() {} });
    stream.push('1');
    const reading = textOf(importBody({ headers: NDJSON_TYPE, raw: stream }, 10));
    setImmediate(() => stream.destroy(new Error('aborted')));
    await expect(reading).rejects.toMatchObject({ status: 400 });
  });
});
