/** Stable codes to branch on; a code never changes its meaning between versions. */
export type CacheErrorCode =
  | 'CACHE_INVALID_OPTIONS'
  | 'CACHE_INVALID_KEY'
  | 'CACHE_INVALID_VALUE'
  | 'CACHE_CAPACITY'
  | 'CACHE_CODEC'
  | 'CACHE_IMPORT'
  | 'CACHE_TIMEOUT'
  | 'CACHE_RECURSIVE_LOAD'
  | 'CACHE_TIER'
  | 'CACHE_BUSY'
  | 'CACHE_CLOSED';

/** The one base of everything this package throws on purpose. */
export abstract class CacheError extends Error {
  abstract readonly code: CacheErrorCode;

  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/**
 * An option, at start or of one call, cannot work. Nothing was applied.
 *
 * The message reads `ttl: expected a duration > 0, received -1`.
 */
export class InvalidOptionsError extends CacheError {
  readonly code = 'CACHE_INVALID_OPTIONS';

  constructor(
    readonly option: string,
    readonly expected: string,
    readonly received: unknown,
  ) {
    super(`${option}: expected ${expected}, received ${describe(received)}`);
  }
}

/** The key is not a non-empty, well-formed string within `maxKeyLength`. */
export class InvalidKeyError extends CacheError {
  readonly code = 'CACHE_INVALID_KEY';

  constructor(
    readonly received: unknown,
    reason: string,
  ) {
    super(`key: ${reason}, received ${describe(received)}`);
  }
}

/** The value cannot be stored so that it comes back as it was; `path` says where inside it. */
export class InvalidValueError extends CacheError {
  readonly code = 'CACHE_INVALID_VALUE';

  constructor(
    /** Where in the value, as one would write it: `value.items[3].onClick`. */
    readonly path: string,
    readonly reason: string,
    options?: { cause?: unknown },
  ) {
    super(`${path}: ${reason}`, options);
  }
}

/** The entry is larger than one entry may be, or than the whole cache. */
export class CapacityError extends CacheError {
  readonly code = 'CACHE_CAPACITY';

  constructor(
    readonly key: string,
    readonly sizeBytes: number,
    readonly limitBytes: number,
  ) {
    super(`entry ${describe(key)} takes ${sizeBytes} bytes, the limit for one entry is ${limitBytes}`);
  }
}

/** Stored bytes do not prove themselves: wrong version, length or checksum. Readers see a miss, never this error. */
export class CodecError extends CacheError {
  readonly code = 'CACHE_CODEC';
}

/** The document is not an export of this cache. Nothing was imported. */
export class ImportError extends CacheError {
  readonly code = 'CACHE_IMPORT';
}

/** A wait that has a deadline passed it. */
export class CacheTimeoutError extends CacheError {
  readonly code = 'CACHE_TIMEOUT';
}

/** A loader asked, itself or over other loads, for the key that it is loading: the answer could never come. */
export class RecursiveLoadError extends CacheError {
  readonly code = 'CACHE_RECURSIVE_LOAD';

  constructor(readonly key: string) {
    super(`the load of ${describe(key)} waits for itself`);
  }
}

/** A second tier failed. Reported through events and health, never to a reader. */
export class TierError extends CacheError {
  readonly code = 'CACHE_TIER';
}

/** As much is under way as is allowed at a time. */
export class CacheBusyError extends CacheError {
  readonly code = 'CACHE_BUSY';
}

/** The cache was closed; it stores and answers nothing any more. */
export class CacheClosedError extends CacheError {
  readonly code = 'CACHE_CLOSED';

  constructor() {
    super('the cache is closed');
  }
}

/** A value as an error message shows it: short, on one line, control characters escaped. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (typeof value === 'symbol') return value.toString();
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value)
      ? `an array of ${value.length}`
      : `an object of type ${value.constructor?.name ?? 'null'}`;
  }
  return String(value);
}
