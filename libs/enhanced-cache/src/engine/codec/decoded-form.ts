import { heapSize } from '../sizing/heap-size.js';
import { plainSize } from '../sizing/plain-size.js';
import { stringHeapBytes } from '../sizing/string-size.js';
import { copyJson } from './copy-json.js';

/** A value made ready to be handed out many times, kept beside its stored form while the entry is hot. */
export interface DecodedForm {
  /** A value of the caller's own. */
  copy(): unknown;
  /** What this form takes in memory, the stored form apart. */
  readonly heldBytes: number;
}

/** Data as `JSON.parse` made it, for `copyJson`. */
export class JsonForm implements DecodedForm {
  readonly heldBytes: number;

  constructor(private readonly original: object) {
    const plain = plainSize(original);
    this.heldBytes = plain === -1 ? heapSize(original) : plain;
  }

  copy(): unknown {
    return copyJson(this.original);
  }
}

/** A text, or what else nobody can change. */
export class TextForm implements DecodedForm {
  readonly heldBytes: number;

  constructor(private readonly text: string) {
    this.heldBytes = stringHeapBytes(text);
  }

  copy(): unknown {
    return this.text;
  }
}

/** What is decoded anew each time, but no longer decompressed. */
export class DecompressedForm<P> implements DecodedForm {
  constructor(
    private readonly payload: P,
    private readonly decode: (payload: P) => unknown,
    readonly heldBytes: number,
  ) {}

  copy(): unknown {
    return this.decode(this.payload);
  }
}
