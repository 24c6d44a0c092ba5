import { ImportError } from '../errors.js';

/** The member whose elements are handed out one by one. */
const LIST = 'entries';

/** The text of a member of the object, or of an element of its member {@link LIST}. */
export type JsonPart = { readonly key: string; readonly text: string } | { readonly element: string };

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Cuts the text of a JSON object, in chunks of any size, into its members, and the array that its member `entries` is
 * into its elements.
 *
 * It looks at brackets, quotes, commas and colons only; whether a part is JSON is found out by who parses it. A document
 * of any length is read so in steps of one entry, where `JSON.parse` would hold the event loop for all of it.
 */
export class JsonCutter {
  #state: 'before' | 'key' | 'value' | 'elements' | 'after elements' | 'over' = 'before';
  #depth = 0;
  #inString = false;
  #escaped = false;
  #key = '';
  /** Whether a comma stands before the current part, so that it may not be missing. */
  #promised = false;
  /** What of the current part stood in earlier chunks. */
  #held = '';
  #hasEntries = false;
  #chunk = '';
  /** Where the current part begins in the chunk. */
  #from = 0;

  /** Whether the object has the member whose elements are handed out, as an array. */
  get hasEntries(): boolean {
    return this.#hasEntries;
  }

  /**
   * The parts that end in this chunk.
   *
   * @throws {ImportError} where the text cannot be that of an object.
   */
  *push(chunk: string): Generator<JsonPart, void, undefined> {
    this.#chunk = chunk;
    this.#from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const part = this.#inString ? this.#string(chunk.charCodeAt(at)) : this.#token(chunk.charCodeAt(at), at);
      if (part) yield part;
    }
    this.#held += chunk.slice(this.#from);
  }

  /** @throws {ImportError} where the object has not ended. */
  end(): void {
    if (this.#state !== 'over') throw notJson('it ends too early');
  }

  #string(char: number): undefined {
    if (this.#escaped) this.#escaped = false;
    else if (char === BACKSLASH) this.#escaped = true;
    else if (char === QUOTE) this.#inString = false;
  }

  #token(char: number, at: number): JsonPart | undefined {
    if (this.#depth === 0) return this.#outside(char, at);
    switch (char) {
      case QUOTE:
        this.#inString = true;
        return undefined;
      case OPEN_OBJECT:
      case OPEN_LIST:
        return this.#open(char, at);
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        return this.#close(char, at);
      case COMMA:
        return this.#comma(at);
      case COLON:
        return this.#colon(at);
      default:
        return undefined;
    }
  }

  #outside(char: number, at: number): undefined {
    if (this.#state === 'before' && char === OPEN_OBJECT) {
      this.#state = 'key';
      this.#depth = 1;
    } else if (!isBlank(String.fromCharCode(char))) {
      if (this.#state === 'before' && char === OPEN_LIST) throw new ImportError('document: expected an object');
      throw notJson(`"${String.fromCharCode(char)}" stands outside of the object`);
    }
    this.#from = at + 1;
  }

  #open(char: number, at: number): undefined {
    this.#depth++;
    if (char !== OPEN_LIST || this.#state !== 'value' || this.#depth !== 2 || this.#key !== LIST) return;
    this.#takeBlank(at);
    this.#state = 'elements';
    this.#hasEntries = true;
    this.#promised = false;
  }

  #close(char: number, at: number): JsonPart | undefined {
    if (this.#depth === 2 && this.#state === 'elements') {
      if (char !== CLOSE_LIST) throw notJson('the entries are closed by another bracket');
      this.#depth = 1;
      this.#state = 'after elements';
      const element = this.#take(at);
      return this.#promised || !isBlank(element) ? { element } : undefined;
    }
    if (--this.#depth > 0) return undefined;
    if (char !== CLOSE_OBJECT) throw notJson('the object is closed by another bracket');
    const member = this.#member(at);
    this.#state = 'over';
    return member;
  }

  #comma(at: number): JsonPart | undefined {
    if (this.#depth === 2 && this.#state === 'elements') {
      this.#promised = true;
      return { element: this.#take(at) };
    }
    if (this.#depth > 1) return undefined;
    if (this.#state === 'key') throw notJson('a comma stands where a member is expected');
    const member = this.#member(at);
    this.#state = 'key';
    this.#promised = true;
    return member;
  }

  #colon(at: number): undefined {
    if (this.#depth > 1 || this.#state !== 'key') return;
    const key = parsePart(this.#take(at));
    if (typeof key !== 'string') throw notJson('the name of a member is no string');
    this.#key = key;
    this.#state = 'value';
  }

  /** The member that ends here, `undefined` where its elements were handed out or there is none. */
  #member(at: number): JsonPart | undefined {
    if (this.#state === 'value') return { key: this.#key, text: this.#take(at) };
    if (this.#state === 'key' && this.#promised) throw notJson('a comma stands before the closing bracket');
    this.#takeBlank(at);
    return undefined;
  }

  #take(at: number): string {
    const part = this.#held + this.#chunk.slice(this.#from, at);
    this.#held = '';
    this.#from = at + 1;
    return part;
  }

  #takeBlank(at: number): void {
    if (!isBlank(this.#take(at))) throw notJson('a value stands beside another');
  }
}

/** @throws {ImportError} where the text is not JSON. */
export function parsePart(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw notJson((error as Error).message, error);
  }
}

function notJson(reason: string, cause?: unknown): ImportError {
  return new ImportError(`document: not JSON (${reason})`, { cause });
}

/** White space of JSON, or a byte order mark. */
function isBlank(text: string): boolean {
  return /^[ \t\n\r\uFEFF]*$/.test(text);
}
