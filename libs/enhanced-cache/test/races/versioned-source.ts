import type { Versioned } from './raced-cache.js';

/** What the source throws when it is told to. */
export class SourceFailure extends Error {
  constructor() {
    super('the source is down');
  }
}

const TAGS_OF: Readonly<Record<string, readonly string[]>> = { a: ['red'], b: ['red'], c: ['red', 'blue'] };
export const KEYS: readonly string[] = Object.keys(TAGS_OF);
/** Keys with the same tags: those of one bulk load share them. */
export const ALIKE_KEYS: readonly string[] = ['a', 'b'];

export function tagsOf(key: string): readonly string[] {
  return TAGS_OF[key];
}

/** The keys that an invalidation of `tags` is about. */
export function keysTagged(tags: readonly string[], match: 'any' | 'all'): string[] {
  return KEYS.filter((key) =>
    match === 'any' ? tags.some((tag) => tagsOf(key).includes(tag)) : tags.every((tag) => tagsOf(key).includes(tag)),
  );
}

/** The truth behind the cache: a register for each key, whose value is how often it was written. */
export class VersionedSource {
  readonly #versions = new Map(KEYS.map((key) => [key, 1]));

  read(key: string): Versioned {
    return { key, version: this.versionOf(key) };
  }

  versionOf(key: string): number {
    return this.#versions.get(key) as number;
  }

  write(key: string): Versioned {
    this.#versions.set(key, this.versionOf(key) + 1);
    return this.read(key);
  }
}
