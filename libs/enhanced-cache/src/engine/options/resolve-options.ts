import { durationToMs } from '../duration.js';
import { InvalidOptionsError } from '../errors.js';
import { resolveLoading } from '../loading/load-options.js';
import { resolveMemoryPressure } from '../pressure/pressure-options.js';
import { NO_TIER_FACTORY } from '../ports/no-tier.js';
import { SystemClock } from '../ports/system-clock.js';
import { CompressionLevel, EvictionPolicyName } from './enums.js';
import type { EnhancedCacheOptions, Reconfiguration, ResolvedOptions } from './options.js';

export const BYTES_PER_MIB = 1024 * 1024;
/** The largest `maxSize`: a JavaScript Map holds no more. */
const MAX_ENTRIES = 2 ** 24;

const DEFAULTS = {
  maxSize: 2000,
  maxMemoryMb: 100,
  defaultTtl: 3600,
  evictionPolicy: EvictionPolicyName.HYBRID,
  compressionLevel: CompressionLevel.DEFAULT,
  compressionThreshold: 1024,
  enableAnalytics: true,
  isolation: 'copy',
  maxKeyLength: 1024,
  types: [],
  classInstances: 'warn',
  memoryPressure: true,
} as const satisfies EnhancedCacheOptions;

/** One documented judgement per option; an option that is not in here is unknown. */
const JUDGES: { readonly [Name in keyof EnhancedCacheOptions]-?: (value: unknown) => void } = {
  maxSize: integerBetween('maxSize', 1, MAX_ENTRIES),
  maxMemoryMb: positiveNumber('maxMemoryMb', 'MiB'),
  defaultTtl: (value) => void durationToMs(value as never, 'defaultTtl'),
  evictionPolicy: oneOf('evictionPolicy', Object.values(EvictionPolicyName)),
  compressionLevel: oneOf('compressionLevel', Object.values(CompressionLevel)),
  compressionThreshold: integerBetween('compressionThreshold', 0, Number.MAX_SAFE_INTEGER),
  enableAnalytics: oneOf('enableAnalytics', [true, false]),
  isolation: oneOf('isolation', ['copy', 'frozen', 'shared']),
  maxKeyLength: integerBetween('maxKeyLength', 1, 2 ** 20),
  maxValueMb: positiveNumber('maxValueMb', 'MiB'),
  types: (value) => {
    if (!Array.isArray(value) || !value.every((type) => typeof type === 'function' && isObject(type.prototype))) {
      throw new InvalidOptionsError('types', 'an array of classes', value);
    }
  },
  classInstances: oneOf('classInstances', ['warn', 'refuse', 'allow']),
  memoryPressure: (value) => void resolveMemoryPressure(value as never),
  loading: (value) => void resolveLoading(value as never),
  tier: (value) => {
    if (!isObject(value) || typeof Reflect.get(value, 'attach') !== 'function') {
      throw new InvalidOptionsError('tier', `what redisTier() of 'nestjs-enhanced-cache/redis' returns`, value);
    }
  },
  random: functionNamed('random'),
  clock: (value) => {
    const methods = ['now', 'coarseNow', 'wallNow', 'schedule', 'defer'];
    if (!isObject(value) || !methods.every((method) => typeof Reflect.get(value, method) === 'function')) {
      throw new InvalidOptionsError('clock', `an object with ${methods.join(', ')}`, value);
    }
  },
  name: (value) => {
    if (typeof value !== 'string' || value === '') throw new InvalidOptionsError('name', 'a non-empty string', value);
  },
  onWarning: functionNamed('onWarning'),
};

/** Names of all options, for those who check a larger object of which these are a part. */
export const OPTION_NAMES: readonly string[] = Object.keys(JUDGES);

/** What {@link Reconfiguration} may name. */
export const RECONFIGURABLE: readonly (keyof Reconfiguration)[] = [
  'maxSize',
  'maxMemoryMb',
  'defaultTtl',
  'evictionPolicy',
  'compressionLevel',
  'enableAnalytics',
];

/**
 * The only place where defaults are applied and options are judged; past this point nothing is optional. An option that
 * is `undefined` counts as not given.
 *
 * @throws {InvalidOptionsError} naming the first option that is unknown or cannot work.
 */
export function resolveOptions(options: EnhancedCacheOptions = {}): ResolvedOptions {
  if (!isObject(options)) throw new InvalidOptionsError('options', 'an object', options);
  judge(options, OPTION_NAMES);
  const given = { ...DEFAULTS, ...withoutUndefined(options) };
  const maxValueMb = given.maxValueMb ?? given.maxMemoryMb / 10;
  if (maxValueMb > given.maxMemoryMb) {
    throw new InvalidOptionsError('maxValueMb', `at most maxMemoryMb (${given.maxMemoryMb})`, maxValueMb);
  }
  return Object.freeze({
    maxEntries: given.maxSize,
    maxBytes: given.maxMemoryMb * BYTES_PER_MIB,
    defaultTtlMs: durationToMs(given.defaultTtl, 'defaultTtl'),
    evictionPolicy: given.evictionPolicy,
    compressionLevel: given.compressionLevel,
    compressionThreshold: given.compressionThreshold,
    enableAnalytics: given.enableAnalytics,
    isolation: given.isolation,
    maxKeyLength: given.maxKeyLength,
    maxEntryBytes: maxValueMb * BYTES_PER_MIB,
    types: Object.freeze([...given.types]),
    classInstances: given.classInstances,
    memoryPressure: resolveMemoryPressure(given.memoryPressure, isSystemTime(given.clock)),
    loading: resolveLoading(given.loading),
    tier: given.tier ?? NO_TIER_FACTORY,
    random: given.random ?? Math.random,
    clock: given.clock ?? new SystemClock(),
    name: given.name ?? 'default',
    onWarning: given.onWarning ?? ((message) => console.warn(`[enhanced-cache] ${message}`)),
  });
}

/**
 * The options of a running cache with `changes` applied; `current` is not touched.
 *
 * A new `maxMemoryMb` keeps the share of it that one entry may take.
 *
 * @throws {InvalidOptionsError} naming the first change that is unknown or cannot work; nothing is applied then.
 */
export function reconfigureOptions(current: ResolvedOptions, changes: Reconfiguration): ResolvedOptions {
  if (!isObject(changes)) throw new InvalidOptionsError('changes', 'an object', changes);
  judge(changes, RECONFIGURABLE);
  const given = withoutUndefined(changes) as Reconfiguration;
  const maxBytes = given.maxMemoryMb === undefined ? current.maxBytes : given.maxMemoryMb * BYTES_PER_MIB;
  return Object.freeze({
    ...current,
    maxEntries: given.maxSize ?? current.maxEntries,
    maxBytes,
    maxEntryBytes: current.maxEntryBytes * (maxBytes / current.maxBytes),
    defaultTtlMs: given.defaultTtl === undefined ? current.defaultTtlMs : durationToMs(given.defaultTtl, 'defaultTtl'),
    evictionPolicy: given.evictionPolicy ?? current.evictionPolicy,
    compressionLevel: given.compressionLevel ?? current.compressionLevel,
    enableAnalytics: given.enableAnalytics ?? current.enableAnalytics,
  });
}

function judge(options: object, known: readonly string[]): void {
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw new InvalidOptionsError(name, `no option of that name (known: ${known.join(', ')})`, value);
    }
    if (value !== undefined) JUDGES[name as keyof EnhancedCacheOptions](value);
  }
}

function integerBetween(name: string, min: number, max: number) {
  return (value: unknown): void => {
    if (!Number.isInteger(value) || (value as number) < min || (value as number) > max) {
      throw new InvalidOptionsError(name, `an integer from ${min} to ${max}`, value);
    }
  };
}

function positiveNumber(name: string, unit: string) {
  return (value: unknown): void => {
    if (typeof value !== 'number' || !(value > 0 && value < Infinity)) {
      throw new InvalidOptionsError(name, `a number of ${unit} > 0`, value);
    }
  };
}

function functionNamed(name: string) {
  return (value: unknown): void => {
    if (typeof value !== 'function') throw new InvalidOptionsError(name, 'a function', value);
  };
}

function oneOf(name: string, allowed: readonly unknown[]) {
  return (value: unknown): void => {
    if (!allowed.includes(value)) {
      throw new InvalidOptionsError(name, `one of ${allowed.map((each) => JSON.stringify(each)).join(', ')}`, value);
    }
  };
}

function isSystemTime(clock: unknown): boolean {
  return clock === undefined || clock instanceof SystemClock;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function withoutUndefined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
