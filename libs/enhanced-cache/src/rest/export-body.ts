import { Readable } from 'node:stream';
import type { ExportHeader } from '../engine/snapshot/export-document.js';
import { type Line, splitLines } from '../engine/snapshot/lines.js';

type LineHeader = ExportHeader & { format: string };

/** Text is gathered until a chunk has this many characters. */
const CHUNK_CHARS = 16 * 1024;

/**
 * The lines of an NDJSON export as the JSON document that `exportCacheData` makes, written while they are read. To
 * serialize that document in one go would hold the event loop for seconds where it has a million entries.
 */
export function documentOfLines(lines: Readable): Readable {
  return Readable.from(documentText(lines), { objectMode: false });
}

async function* documentText(source: Readable): AsyncGenerator<string, void, undefined> {
  const lines = splitLines(source, Infinity);
  const first = await lines.next();
  if (first.done) return;
  const { version, exported_at, format: _ndjson, ...reports } = JSON.parse(textOf(first.value)) as LineHeader;
  let chunk = `{"version":${JSON.stringify(version)},"exported_at":${JSON.stringify(exported_at)},"entries":[`;
  let separator = '';
  for await (const line of lines) {
    chunk += separator + textOf(line);
    separator = ',';
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  const rest = JSON.stringify(reports).slice(1);
  yield `${chunk}]${rest === '}' ? '' : ','}${rest}`;
}

function textOf(line: Line): string {
  if ('problem' in line) throw new Error(`line ${line.number} of the export: ${line.problem}`);
  return line.text;
}
