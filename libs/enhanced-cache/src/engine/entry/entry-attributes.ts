import type { SetOptions } from '../cache-types.js';
import { type Duration, durationToMs } from '../duration.js';
import { InvalidOptionsError } from '../errors.js';
import { MAX_PRIORITY, MIN_PRIORITY } from '../eviction/structures/priority-bands.js';

/** What a write says of its entry besides the value, judged already. */
export interface EntryAttributes {
  /** Milliseconds from now for which the value is fresh; `Infinity` for ever. */
  readonly ttlMs: number;
  /** Milliseconds for which it is kept after that, to stand in for a load. */
  readonly staleMs: number;
  /** How long its load took, in milliseconds; 0 where it was set. */
  readonly loadMs: number;
  readonly tags: readonly string[];
  readonly priority: number;
  readonly cost: number;
  /** JSON text. */
  readonly metadata: string | undefined;
}

export { MAX_PRIORITY, MIN_PRIORITY };
export const MAX_TAGS = 64;
export const MAX_TAG_LENGTH = 256;
export const DEFAULT_COST_SECONDS = 1;

const KNOWN: readonly string[] = ['ttl', 'tags', 'priority', 'cost', 'metadata'] satisfies (keyof SetOptions)[];
const NO_TAGS: readonly string[] = Object.freeze([]);

/**
 * The only place where the options of one write are judged and its defaults applied.
 *
 * @param options {@link SetOptions}, or the lifetime alone.
 * @throws {InvalidOptionsError} naming the option, what is allowed and what was given.
 */
export function resolveAttributes(
  options: SetOptions | Duration | null | undefined,
  defaultTtlMs: number,
): EntryAttributes {
  if (options === undefined) return defaultsFor(defaultTtlMs);
  if (options === null || typeof options === 'number' || typeof options === 'string') {
    return attributesOf({ ttl: options }, defaultTtlMs);
  }
  if (typeof options !== 'object' || Array.isArray(options)) {
    throw new InvalidOptionsError('options', 'an object, a duration or null', options);
  }
  for (const name of Object.keys(options)) {
    if (!KNOWN.includes(name)) {
      throw new InvalidOptionsError(
        name,
        `no option of that name (known: ${KNOWN.join(', ')})`,
        Reflect.get(options, name),
      );
    }
  }
  return attributesOf(options, defaultTtlMs);
}

/** @throws {InvalidOptionsError} where `tags` is not a list of at most 64 strings of 1 to 256 characters. */
export function assertTags(tags: unknown): asserts tags is readonly string[] {
  if (!Array.isArray(tags)) throw new InvalidOptionsError('tags', 'an array of strings', tags);
  if (tags.length > MAX_TAGS) throw new InvalidOptionsError('tags', `at most ${MAX_TAGS} tags`, tags);
  tags.forEach((tag: unknown, i) => {
    if (typeof tag !== 'string' || tag === '' || tag.length > MAX_TAG_LENGTH || !tag.isWellFormed()) {
      throw new InvalidOptionsError(`tags[${i}]`, `a string of 1 to ${MAX_TAG_LENGTH} characters`, tag);
    }
  });
}

let lastDefaults: EntryAttributes | undefined;

/** What a write without options says; made once as long as the lifetime is the same. */
function defaultsFor(ttlMs: number): EntryAttributes {
  if (lastDefaults?.ttlMs !== ttlMs) lastDefaults = Object.freeze(attributesOf({}, ttlMs));
  return lastDefaults;
}

function attributesOf(options: SetOptions, defaultTtlMs: number): EntryAttributes {
  const { ttl, tags, priority = 0, cost = DEFAULT_COST_SECONDS, metadata } = options;
  if (tags !== undefined) assertTags(tags);
  if (!Number.isInteger(priority) || priority < MIN_PRIORITY || priority > MAX_PRIORITY) {
    throw new InvalidOptionsError('priority', `an integer from ${MIN_PRIORITY} to ${MAX_PRIORITY}`, priority);
  }
  if (typeof cost !== 'number' || !(cost >= 0 && cost < Infinity)) {
    throw new InvalidOptionsError('cost', 'a number of seconds >= 0', cost);
  }
  return {
    ttlMs: ttl === undefined ? defaultTtlMs : durationToMs(ttl),
    staleMs: 0,
    loadMs: 0,
    tags: tags === undefined || tags.length === 0 ? NO_TAGS : [...new Set(tags)],
    priority,
    cost,
    metadata: metadata === undefined ? undefined : metadataText(metadata),
  };
}

function metadataText(metadata: unknown): string {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    throw new InvalidOptionsError('metadata', 'a plain object of JSON data', metadata);
  }
  try {
    return JSON.stringify(metadata);
  } catch (error) {
    throw new InvalidOptionsError('metadata', `JSON data (${(error as Error).message})`, metadata);
  }
}
