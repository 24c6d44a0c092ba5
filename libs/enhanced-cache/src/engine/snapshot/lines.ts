import { describe, ImportError } from '../errors.js';

const NEWLINE = 0x0a;

/** One line of a text, without its end; or why it cannot be read. */
export type Line =
  { readonly number: number; readonly text: string } | { readonly number: number; readonly problem: string };

/**
 * Cuts a stream of text or of UTF-8 bytes into its lines that are not blank.
 *
 * Characters and lines may be split anywhere between chunks. A line that is longer than `maxLength` (bytes, or
 * characters of text) or is not UTF-8 is reported as such and does not stop the rest; no more than `maxLength` is held
 * of it.
 *
 * @throws {ImportError} for a chunk that is neither text nor bytes, or of another kind than the first one.
 */
export async function* splitLines(
  chunks: AsyncIterable<unknown> | Iterable<unknown>,
  maxLength: number,
): AsyncGenerator<Line, void, undefined> {
  let splitter: LineSplitter<string> | LineSplitter<Uint8Array> | undefined;
  for await (const chunk of chunks) {
    splitter ??= splitterFor(chunk, maxLength);
    yield* splitter.push(chunk);
  }
  if (splitter) yield* splitter.end();
}

/** How to work on one kind of chunk. */
interface ChunkKind<C> {
  is(chunk: unknown): chunk is C;
  newline(chunk: C, from: number): number;
  slice(chunk: C, from: number, to: number): C;
  /** @throws {TypeError} where the parts are not UTF-8. */
  text(parts: C[]): string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const BYTES: ChunkKind<Uint8Array> = {
  is: (chunk): chunk is Uint8Array => chunk instanceof Uint8Array,
  // No byte of a longer UTF-8 sequence equals the newline, so bytes can be cut before they are decoded.
  newline: (chunk, from) => chunk.indexOf(NEWLINE, from),
  slice: (chunk, from, to) => chunk.subarray(from, to),
  text: (parts) => utf8.decode(parts.length === 1 ? parts[0] : Buffer.concat(parts)),
};

const TEXT: ChunkKind<string> = {
  is: (chunk): chunk is string => typeof chunk === 'string',
  newline: (chunk, from) => chunk.indexOf('\n', from),
  slice: (chunk, from, to) => chunk.slice(from, to),
  text: (parts) => parts.join(''),
};

function splitterFor(chunk: unknown, maxLength: number): LineSplitter<string> | LineSplitter<Uint8Array> {
  return typeof chunk === 'string' ? new LineSplitter(TEXT, maxLength) : new LineSplitter(BYTES, maxLength);
}

class LineSplitter<C extends string | Uint8Array> {
  #parts: C[] = [];
  #length = 0;
  #number = 0;

  constructor(
    private readonly kind: ChunkKind<C>,
    private readonly maxLength: number,
  ) {}

  *push(chunk: unknown): Generator<Line, void, undefined> {
    if (!this.kind.is(chunk)) {
      throw new ImportError(
        `source: expected chunks of text or of bytes, all of one kind, received ${describe(chunk)}`,
      );
    }
    let from = 0;
    for (let at = this.kind.newline(chunk, 0); at >= 0; at = this.kind.newline(chunk, from)) {
      this.#add(this.kind.slice(chunk, from, at));
      yield* this.#take();
      from = at + 1;
    }
    this.#add(this.kind.slice(chunk, from, chunk.length));
  }

  *end(): Generator<Line, void, undefined> {
    if (this.#length > 0) yield* this.#take();
  }

  #add(part: C): void {
    this.#length += part.length;
    if (this.#length > this.maxLength) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  *#take(): Generator<Line, void, undefined> {
    const number = ++this.#number;
    const parts = this.#parts;
    const length = this.#length;
    this.#parts = [];
    this.#length = 0;
    if (length > this.maxLength) {
      yield { number, problem: `the line is longer than ${this.maxLength}` };
    } else {
      const line = this.#decode(number, parts);
      if ('problem' in line || line.text.trim() !== '') yield line;
    }
  }

  #decode(number: number, parts: C[]): Line {
    try {
      return { number, text: this.kind.text(parts) };
    } catch (error) {
      return { number, problem: `the line is not UTF-8 (${(error as Error).message})` };
    }
  }
}
