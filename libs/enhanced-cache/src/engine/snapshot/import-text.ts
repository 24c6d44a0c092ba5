import { ImportError } from '../errors.js';
import { isObject, judgeHeader } from './import-entry.js';
import { type Line, splitLines } from './lines.js';

/** An export as text, told apart: one JSON document, or a header line that the lines of the entries follow. */
export type ImportText =
  | { readonly format: 'json'; readonly document: object }
  | { readonly format: 'ndjson'; readonly exportedAtMs: number; readonly lines: AsyncIterable<Line> };

/**
 * Finds out which of the two formats a text has.
 *
 * NDJSON is a first line that is an object without `entries` and names its format or is not the only line; all else is
 * read to its end as one JSON document. `maxLength` bounds both a line and the whole document, in bytes, or characters
 * of text.
 *
 * @throws {ImportError} where the text is neither, or the header is not that of an export.
 */
export async function readImportText(
  chunks: AsyncIterable<unknown> | Iterable<unknown>,
  maxLength: number,
): Promise<ImportText> {
  const lines = splitLines(chunks, maxLength);
  try {
    return await tellApart(lines, maxLength);
  } catch (error) {
    // Closes the source too: a stream that nobody reads to its end would stay open.
    await lines.return();
    throw error;
  }
}

async function tellApart(lines: AsyncGenerator<Line, void, undefined>, maxLength: number): Promise<ImportText> {
  const first = (await nextText(lines))?.replace(/^\uFEFF/, '');
  if (first === undefined) throw new ImportError('document: expected JSON, received an empty text');
  const opening = parse(first);
  if (!isObject(opening.value) || Object.hasOwn(opening.value, 'entries')) {
    return { format: 'json', document: await restOfDocument(first, opening, lines, maxLength) };
  }
  const header = opening.value;
  if (Reflect.get(header, 'format') === 'ndjson') return { format: 'ndjson', exportedAtMs: judge(header), lines };
  const second = await lines.next();
  if (second.done) return { format: 'json', document: header };
  return { format: 'ndjson', exportedAtMs: judge(header), lines: prepend(second.value, lines) };
}

function judge(header: object): number {
  return judgeHeader(header, ['format']);
}

interface Parsed {
  readonly value?: unknown;
  readonly error?: Error;
}

async function restOfDocument(
  first: string,
  opening: Parsed,
  lines: AsyncGenerator<Line, void, undefined>,
  maxLength: number,
): Promise<object> {
  const texts = [first];
  let length = first.length;
  for (let text = await nextText(lines); text !== undefined; text = await nextText(lines)) {
    length += text.length;
    if (length > maxLength) {
      throw new ImportError(
        `document: expected at most ${maxLength} bytes of JSON in a stream; export as ndjson instead`,
      );
    }
    texts.push(text);
  }
  const { value, error } = texts.length === 1 ? opening : parse(texts.join('\n'));
  if (error) throw new ImportError(`document: not JSON (${error.message})`, { cause: error });
  if (!isObject(value)) throw new ImportError('document: expected an object');
  return value;
}

async function nextText(lines: AsyncGenerator<Line, void, undefined>): Promise<string | undefined> {
  const next = await lines.next();
  if (next.done) return undefined;
  if ('problem' in next.value) throw new ImportError(`document: line ${next.value.number}: ${next.value.problem}`);
  return next.value.text;
}

async function* prepend(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<Line, void, undefined> {
  yield first;
  yield* rest;
}

function parse(text: string): Parsed {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: error as Error };
  }
}
