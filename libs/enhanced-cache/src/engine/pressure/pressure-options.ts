import { InvalidOptionsError } from '../errors.js';
import type { MemoryProbe } from '../ports/memory-probe.js';
import { SYSTEM_MEMORY } from '../ports/system-memory-probe.js';
import type { PressureThresholds } from './pressure-gauge.js';

/** When and how far a cache makes room for the rest of its process. */
export interface MemoryPressureOptions {
  /**
   * Percent of the heap's limit, or of the limit of the process's control group, below which the pressure is over and the
   * cache may grow back; above 0.
   * @default 75
   */
  okPercent?: number;
  /**
   * From here on the cache sheds a tenth of what it holds at a time; above `okPercent`.
   * @default 85
   */
  highPercent?: number;
  /**
   * From here on it sheds a quarter at a time; above `highPercent` and below 100.
   * @default 93
   */
  criticalPercent?: number;
  /**
   * What the cache may keep whatever happens, in MiB, >= 0; no more than `maxMemoryMb`.
   * @default 1
   */
  minMemoryMb?: number;
  /** Where readings come from; a test passes its own. @default the process's */
  probe?: MemoryProbe;
}

export interface ResolvedMemoryPressure extends PressureThresholds {
  readonly minBytes: number;
  readonly probe: MemoryProbe;
}

const BYTES_PER_MIB = 1024 * 1024;

const DEFAULTS = { okPercent: 75, highPercent: 85, criticalPercent: 93, minMemoryMb: 1 } as const;
const KNOWN: readonly string[] = [...Object.keys(DEFAULTS), 'probe'] satisfies string[];
const PROBE_METHODS = ['heap', 'process', 'onCollection'];

/**
 * The only place where these options are judged.
 *
 * @param isSystemTime whether the cache goes by the system's clock. Where time stands still until a test moves it, nothing is
 *   watched but a probe that was given.
 * @returns `undefined` where nothing is to be watched.
 * @throws {InvalidOptionsError} naming the option, what is allowed and what was given.
 */
export function resolveMemoryPressure(
  value: boolean | MemoryPressureOptions,
  isSystemTime = true,
): ResolvedMemoryPressure | undefined {
  if (value === false) return undefined;
  if (value !== true && (typeof value !== 'object' || value === null)) {
    throw new InvalidOptionsError('memoryPressure', 'true, false or an object', value);
  }
  const options = value === true ? {} : value;
  for (const name of Object.keys(options)) if (!KNOWN.includes(name)) throw unknownOption(name, options);
  const { okPercent, highPercent, criticalPercent, minMemoryMb } = { ...DEFAULTS, ...withoutUndefined(options) };
  mustBe(okPercent > 0, 'okPercent', 'a percentage > 0', okPercent);
  mustBe(highPercent > okPercent, 'highPercent', `a percentage above okPercent (${okPercent})`, highPercent);
  mustBe(
    criticalPercent > highPercent && criticalPercent < 100,
    'criticalPercent',
    `a percentage above highPercent (${highPercent}) and below 100`,
    criticalPercent,
  );
  mustBe(minMemoryMb >= 0 && minMemoryMb < Infinity, 'minMemoryMb', 'a number of MiB >= 0', minMemoryMb);
  const probe = options.probe ?? (isSystemTime ? SYSTEM_MEMORY : undefined);
  if (options.probe !== undefined)
    mustBe(isProbe(options.probe), 'probe', `an object with ${PROBE_METHODS.join(', ')}`, probe);
  if (probe === undefined) return undefined;
  return Object.freeze({ okPercent, highPercent, criticalPercent, minBytes: minMemoryMb * BYTES_PER_MIB, probe });
}

function mustBe(holds: boolean, name: string, expected: string, received: unknown): void {
  const isNumeric = name === 'probe' || typeof received === 'number';
  if (!holds || !isNumeric) throw new InvalidOptionsError(`memoryPressure.${name}`, expected, received);
}

function unknownOption(name: string, options: object): InvalidOptionsError {
  const expected = `no option of that name (known: ${KNOWN.join(', ')})`;
  return new InvalidOptionsError(`memoryPressure.${name}`, expected, Reflect.get(options, name));
}

function isProbe(probe: unknown): boolean {
  if (typeof probe !== 'object' || probe === null) return false;
  return PROBE_METHODS.every((method) => typeof Reflect.get(probe, method) === 'function');
}

function withoutUndefined(options: MemoryPressureOptions): MemoryPressureOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
