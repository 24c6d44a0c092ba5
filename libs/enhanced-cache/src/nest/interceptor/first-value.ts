import { type Observable, ReplaySubject } from 'rxjs';

/** The first value of a stream, and the whole stream with that value in it. */
export interface FirstValue {
  readonly value: unknown;
  readonly all: Observable<unknown>;
}

/**
 * Subscribes to `stream` and waits for its first value, without waiting for its end: an RPC handler may answer with a
 * stream that never ends. A stream that completes empty has the value `undefined`; its error rejects.
 */
export function firstValue(stream: Observable<unknown>): Promise<FirstValue> {
  const all = new ReplaySubject<unknown>();
  return new Promise((resolve, reject) => {
    all.subscribe({
      next: (value) => resolve({ value, all }),
      complete: () => resolve({ value: undefined, all }),
      error: reject,
    });
    stream.subscribe(all);
  });
}
