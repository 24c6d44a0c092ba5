import { type Observable, ReplaySubject } from 'rxjs';

/** The first value of a stream, and the whole stream with that value in it. */
export interface FirstValue {
  readonly value: unknown;
  readonly all: Observable<unknown>;
  /** Whether the stream ended with that value, in the same moment, as that of a Promise does. */
  readonly isOnly: boolean;
}

/**
 * Subscribes to `stream` and waits for its first value, without waiting for its end: an RPC handler may answer with a
 * stream that never ends. A stream that completes empty has the value `undefined`; its error rejects.
 */
export async function firstValue(stream: Observable<unknown>): Promise<FirstValue> {
  const all = new ReplaySubject<unknown>();
  let values = 0;
  let isOver = false;
  const first = new Promise((resolve, reject) => {
    const complete = (): void => {
      isOver = true;
      resolve(undefined);
    };
    const next = (value: unknown): void => {
      values++;
      resolve(value);
    };
    all.subscribe({ next, complete, error: reject });
  });
  stream.subscribe(all);
  const value = await first;
  return { value, all, isOnly: isOver && values <= 1 };
}
