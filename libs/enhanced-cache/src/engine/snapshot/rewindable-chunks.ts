/** Longer chunks are read in pieces of so many bytes or characters. */
const PIECE_LENGTH = 64 * 1024;

/** The same text or bytes in chunks that are not long; what is neither is handed on as it is. */
export async function* piecesOf(
  chunks: AsyncIterable<unknown> | Iterable<unknown>,
): AsyncGenerator<unknown, void, undefined> {
  for await (const chunk of chunks) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) yield chunk;
    else if (chunk.length <= PIECE_LENGTH) yield chunk;
    else {
      for (let at = 0; at < chunk.length; at += PIECE_LENGTH) {
        yield typeof chunk === 'string' ? chunk.slice(at, at + PIECE_LENGTH) : chunk.subarray(at, at + PIECE_LENGTH);
      }
    }
  }
}

/** Chunks whose beginning can be looked at before they are read from there. */
export class RewindableChunks implements AsyncIterable<unknown> {
  readonly #read: unknown[] = [];
  #cutShort = false;

  constructor(private readonly chunks: AsyncGenerator<unknown, void, undefined>) {}

  /** Whether {@link firstOf} has ended before the chunks did. */
  get cutShort(): boolean {
    return this.#cutShort;
  }

  /** The chunks up to the one that reaches `length`, to be read again. */
  async *firstOf(length: number): AsyncGenerator<unknown, void, undefined> {
    let left = length;
    for (let next = await this.chunks.next(); !next.done; next = await this.chunks.next()) {
      this.#read.push(next.value);
      yield next.value;
      left -= (next.value as { length: number }).length;
      if (left > 0) continue;
      this.#cutShort = true;
      return;
    }
  }

  /** All chunks from the beginning, once. Ending the walk closes their source. */
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, undefined> {
    try {
      for (let chunk = this.#read.shift(); chunk !== undefined; chunk = this.#read.shift()) yield chunk;
      yield* this.chunks;
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    await this.chunks.return();
  }
}
