import type { LoadContext } from '../../src/engine/cache-types.js';

/** One call of a {@link ControlledSource}. */
export interface SourceCall<T> {
  readonly context: LoadContext<T>;
  answer(value: T): void;
  fail(reason: unknown): void;
}

/** A source whose every call ends when the test says so, or never. */
export class ControlledSource<T> {
  readonly calls: SourceCall<T>[] = [];

  readonly load = (context: LoadContext<T>): Promise<T> =>
    new Promise((resolve, reject) => this.calls.push({ context, answer: resolve, fail: reject }));

  get last(): SourceCall<T> {
    return this.calls[this.calls.length - 1];
  }
}

/** Lets everything run that is ready to run, promises to their end included. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
