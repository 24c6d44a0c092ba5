import { InvalidOptionsError } from '../errors.js';
import type { MemoryProbe } from '../ports/memory-probe.js';
import { SYSTEM_MEMORY } from '../ports/system-memory-probe.js';
import type { PressureThresholds } from './pressure-gauge.js';

/** When and how far a cache makes room for the rest of its process. */
export interface MemoryPressureOptions {
  /**
   * Percent of the limit of V8's old generation, garbage apart, at which the cache starts to shed a tenth of what it holds
   * at a time (`highPercent`), a quarter at a time (`criticalPercent`), and below which it may grow back (`okPercent`).
   *
   * V8 itself gives up above 80 % where collections no longer pay.
   * @default { okPercent: 65, highPercent: 75, criticalPercent: 85 }
   */
  heap?: Partial<PressureThresholds>;
  /**
   * The same for the working set of the process's control group (its container) and that group's limit.
   * @default { okPercent: 75, highPercent: 85, criticalPercent: 93 }
   */
  container?: Partial<PressureThresholds>;
  /**
   * What the cache may keep whatever happens, in MiB, >= 0; no more than `maxMemoryMb`.
   * @default 1
   */
  minMemoryMb?: number;
  /** Where readings come from; a test passes its own. @default the process's */
  probe?: MemoryProbe;
}

export interface ResolvedMemoryPressure {
  readonly heap: PressureThresholds;
  readonly container: PressureThresholds;
  readonly minBytes: number;
  /** `undefined`: nothing is watched. */
  readonly probe: MemoryProbe | undefined;
}

const BYTES_PER_MIB = 1024 * 1024;
const OPTION = 'memoryPressure';
/** V8 counts a heap that is over 80 % full after a collection as near its limit (`heap.cc`, `kHighHeapPercentage`). */
const HEAP: PressureThresholds = { okPercent: 65, highPercent: 75, criticalPercent: 85 };
const CONTAINER: PressureThresholds = { okPercent: 75, highPercent: 85, criticalPercent: 93 };
const MIN_MEMORY_MB = 1;
const PROBE_METHODS = ['heap', 'process', 'onCollection'];

/**
 * The only place where these options are judged.
 *
 * @param isSystemTime whether the cache goes by the system's clock. Where time stands still until a test moves it, nothing is
 *   watched but a probe that was given.
 * @throws {InvalidOptionsError} naming the option, what is allowed and what was given.
 */
export function resolveMemoryPressure(
  value: boolean | MemoryPressureOptions,
  isSystemTime = true,
): ResolvedMemoryPressure {
  const options =
    typeof value === 'boolean' ? {} : objectWith(OPTION, value, ['heap', 'container', 'minMemoryMb', 'probe']);
  const { minMemoryMb = MIN_MEMORY_MB, probe: given } = options as MemoryPressureOptions;
  const heap = thresholds(`${OPTION}.heap`, options.heap, HEAP);
  const container = thresholds(`${OPTION}.container`, options.container, CONTAINER);
  const isAmount = typeof minMemoryMb === 'number' && minMemoryMb >= 0 && minMemoryMb < Infinity;
  if (!isAmount) throw new InvalidOptionsError(`${OPTION}.minMemoryMb`, 'a number of MiB >= 0', minMemoryMb);
  if (given !== undefined && !isProbe(given)) {
    throw new InvalidOptionsError(`${OPTION}.probe`, `an object with ${PROBE_METHODS.join(', ')}`, given);
  }
  const probe = value === false ? undefined : (given ?? (isSystemTime ? SYSTEM_MEMORY : undefined));
  return Object.freeze({ heap, container, minBytes: minMemoryMb * BYTES_PER_MIB, probe });
}

function thresholds(option: string, given: unknown, defaults: PressureThresholds): PressureThresholds {
  const own = given === undefined ? {} : objectWith(option, given, Object.keys(defaults));
  const all = { ...defaults, ...own } as PressureThresholds;
  let above = 0;
  for (const name of ['okPercent', 'highPercent', 'criticalPercent'] as const) {
    const percent: unknown = all[name];
    if (typeof percent !== 'number' || !(percent > above && percent < 100)) {
      throw new InvalidOptionsError(`${option}.${name}`, `a percentage above ${above} and below 100`, percent);
    }
    above = percent;
  }
  return all;
}

/** The fields of `value` that are given, all of which are `known`. */
function objectWith(option: string, value: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) {
    throw new InvalidOptionsError(option, option === OPTION ? 'true, false or an object' : 'an object', value);
  }
  const given = Object.entries(value).filter(([, each]) => each !== undefined);
  const unknown = given.find(([name]) => !known.includes(name));
  if (unknown) {
    const expected = `no option of that name (known: ${known.join(', ')})`;
    throw new InvalidOptionsError(`${option}.${unknown[0]}`, expected, unknown[1]);
  }
  return Object.fromEntries(given);
}

function isProbe(probe: unknown): boolean {
  if (typeof probe !== 'object' || probe === null) return false;
  return PROBE_METHODS.every((method) => typeof Reflect.get(probe, method) === 'function');
}
