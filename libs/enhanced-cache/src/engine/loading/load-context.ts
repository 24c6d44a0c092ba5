import type { LoadContext } from '../cache-types.js';
import { type Duration, durationToMs } from '../duration.js';
import { type EntryAttributes, resolveAttributes } from '../entry/entry-attributes.js';
import type { Flight } from './flight.js';

/** What a loader returns to keep the value that is there. */
export const NOT_MODIFIED = Symbol.for('nestjs-enhanced-cache:not-modified');

/**
 * The {@link LoadContext} of one load: it gathers what the loader says of its result. What it offers is bound to it, so
 * that a loader may take it apart: `({ key, tags }) => ...`.
 */
export class LoaderContext<T> implements LoadContext<T> {
  readonly key: string;
  readonly signal: AbortSignal;
  /** Whether the loader asked for its result not to be stored. */
  skipped = false;
  /** How long past its lifetime the result is to be kept, in milliseconds; `undefined` where the loader did not say. */
  keptMs: number | undefined;
  #attributes: EntryAttributes;

  constructor(
    private readonly flight: Flight,
    private readonly previous: () => T | undefined,
    attributes: EntryAttributes,
  ) {
    this.key = flight.key;
    this.signal = flight.signal;
    this.#attributes = attributes;
  }

  get attributes(): EntryAttributes {
    return this.#attributes;
  }

  get background(): boolean {
    return this.flight.background;
  }

  get stale(): T | undefined {
    return this.previous();
  }

  readonly ttl = (ttl: Duration | null): void => {
    this.#attributes = { ...this.#attributes, ttlMs: durationToMs(ttl) };
  };

  readonly tags = (...tags: string[]): void => {
    const all = resolveAttributes({ tags: [...this.#attributes.tags, ...tags] }, Infinity).tags;
    this.#attributes = { ...this.#attributes, tags: all };
    this.flight.tags = all;
  };

  readonly priority = (priority: number): void => {
    this.#attributes = { ...this.#attributes, priority: resolveAttributes({ priority }, Infinity).priority };
  };

  readonly keep = (duration: Duration | null): void => {
    this.keptMs = duration === null ? 0 : durationToMs(duration, 'keep');
  };

  readonly skip = (): void => {
    this.skipped = true;
  };

  readonly notModified = (): T => NOT_MODIFIED as T;

  readonly fail = (reason: unknown): never => {
    throw reason instanceof Error ? reason : new Error(String(reason));
  };
}
