import { setOwnField } from '../codec/own-field.js';
import { describe, ImportError } from '../errors.js';
import type { SliceBudget } from '../slices.js';
import { isObject, judgeHeader } from './import-entry.js';
import { JsonCutter, parsePart } from './json-cutter.js';
import { type Line, splitLines } from './lines.js';
import { piecesOf, RewindableChunks } from './rewindable-chunks.js';

/** A header line is not longer than this; the reports in it are bounded. In bytes or characters. */
const MAX_HEADER_LENGTH = 512 * 1024;

/** An export as text, told apart: one JSON document, or a header line that the lines of the entries follow. */
export type ImportText =
  | { readonly format: 'json'; readonly document: object }
  | { readonly format: 'ndjson'; readonly exportedAtMs: number; readonly lines: AsyncIterable<Line> };

/**
 * Finds out which of the two formats a text has.
 *
 * NDJSON is a first line that is an object without `entries` and names its format or is not the only line; all else is
 * read to its end as one JSON document, entry by entry, and `budget` says when to let the event loop turn. `maxLength`
 * bounds both a line and the whole document, in bytes, or characters of text.
 *
 * @throws {ImportError} where the text is neither, or the header is not that of an export.
 */
export async function readImportText(
  chunks: AsyncIterable<unknown> | Iterable<unknown>,
  maxLength: number,
  budget: SliceBudget,
): Promise<ImportText> {
  const source = new RewindableChunks(piecesOf(chunks));
  try {
    const header = await readHeader(source, maxLength);
    if (!header) return { format: 'json', document: await readDocument(source, maxLength, budget) };
    const lines = splitLines(source, maxLength);
    await lines.next();
    return { format: 'ndjson', exportedAtMs: judgeHeader(header, ['format']), lines };
  } catch (error) {
    // Closes the source too: a stream that nobody reads to its end would stay open.
    await source.close();
    throw error;
  }
}

/** The header of an NDJSON text; `undefined` where it is a JSON document, or not JSON at all. */
async function readHeader(source: RewindableChunks, maxLength: number): Promise<object | undefined> {
  const lines = splitLines(source.firstOf(MAX_HEADER_LENGTH), maxLength);
  const first = await lines.next();
  // Cut somewhere in the middle, the rest of its first line is unknown.
  if (source.cutShort) return undefined;
  if (first.done) throw new ImportError('document: expected JSON, received an empty text');
  if ('problem' in first.value) throw new ImportError(`document: line ${first.value.number}: ${first.value.problem}`);
  const header = parsed(first.value.text.replace(/^\uFEFF/, ''));
  if (!isObject(header) || Object.hasOwn(header, 'entries')) return undefined;
  return Reflect.get(header, 'format') === 'ndjson' || !(await lines.next()).done ? header : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A document of several lines, or no JSON: whoever reads it to its end knows.
    return undefined;
  }
}

async function readDocument(source: AsyncIterable<unknown>, maxLength: number, budget: SliceBudget): Promise<object> {
  const cutter = new JsonCutter();
  const document = {};
  const entries: unknown[] = [];
  for await (const text of textOf(source, maxLength)) {
    for (const part of cutter.push(text)) {
      if ('element' in part) entries.push(parsePart(part.element));
      else setOwnField(document, part.key, parsePart(part.text));
      if (budget.spent()) await budget.renew();
    }
  }
  cutter.end();
  return cutter.hasEntries ? Object.assign(document, { entries }) : document;
}

/** The characters of chunks that are text or UTF-8 bytes. */
async function* textOf(source: AsyncIterable<unknown>, maxLength: number): AsyncGenerator<string, void, undefined> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let length = 0;
  for await (const chunk of source) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) {
      throw new ImportError(`source: expected chunks of text or of bytes, received ${describe(chunk)}`);
    }
    length += chunk.length;
    if (length > maxLength) {
      throw new ImportError(
        `document: expected at most ${maxLength} bytes of JSON in a stream; export as ndjson instead`,
      );
    }
    yield typeof chunk === 'string' ? chunk : decoded(utf8, chunk, true);
  }
  yield decoded(utf8, new Uint8Array(0), false);
}

function decoded(utf8: InstanceType<typeof TextDecoder>, bytes: Uint8Array, stream: boolean): string {
  try {
    return utf8.decode(bytes, { stream });
  } catch (error) {
    throw new ImportError('document: the text is not UTF-8', { cause: error });
  }
}
