import { Readable } from 'node:stream';
import type { Clock } from '../ports/clock.js';
import { exportEntries, exportHeader, type SnapshotSource } from './export-document.js';

/** Lines are gathered until a chunk has this many characters: a chunk a line would cost more than the line. */
const CHUNK_CHARS = 16 * 1024;

/**
 * The export as lines of JSON: a header (the document without `entries`, and `"format":"ndjson"`), then an entry a
 * line, each closed by `\n`.
 *
 * Reads on only as fast as it is consumed; it never holds more than a chunk and one entry. A consumer that destroys the
 * stream ends the walk.
 */
export function exportNdjson(source: SnapshotSource, clock: Clock, withValues: boolean): Readable {
  return Readable.from(chunks(source, clock, withValues), { objectMode: false });
}

async function* chunks(source: SnapshotSource, clock: Clock, withValues: boolean): AsyncGenerator<string> {
  const { version, exported_at, ...reports } = exportHeader(source, clock);
  let chunk = line({ version, exported_at, format: 'ndjson', ...reports });
  for await (const entry of exportEntries(source, clock, withValues)) {
    chunk += line(entry);
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
