/** `ok`: room enough; `high`: the process nears a limit of its memory; `critical`: it is about to die of it. */
export type PressureLevel = 'ok' | 'high' | 'critical';

/** Percent of a limit at which levels begin and end; 0 < ok < high < critical < 100. */
export interface PressureThresholds {
  readonly okPercent: number;
  readonly highPercent: number;
  readonly criticalPercent: number;
}

const LEVELS: readonly PressureLevel[] = ['ok', 'high', 'critical'];

/**
 * The level that follows `level` at `percent` of a limit. It rises at once and falls one threshold later than it rose, so
 * that it does not flicker: `critical` ends below {@link PressureThresholds.highPercent}, `high` below
 * {@link PressureThresholds.okPercent}.
 */
export function nextLevel(level: PressureLevel, percent: number, thresholds: PressureThresholds): PressureLevel {
  if (percent >= thresholds.criticalPercent) return 'critical';
  if (percent >= thresholds.highPercent) return level === 'critical' ? 'critical' : 'high';
  if (percent >= thresholds.okPercent) return level === 'ok' ? 'ok' : 'high';
  return 'ok';
}

export function worseOf(one: PressureLevel, other: PressureLevel): PressureLevel {
  return LEVELS.indexOf(one) > LEVELS.indexOf(other) ? one : other;
}

/** One limit of the process's, and how near to it the process was so far. */
export class PressureGauge {
  #level: PressureLevel = 'ok';
  #percent = 0;

  constructor(private readonly thresholds: PressureThresholds) {}

  get level(): PressureLevel {
    return this.#level;
  }

  /** Whether room has to be made now; between the lower marks a level stands without that. */
  get isPressing(): boolean {
    return this.#percent >= this.thresholds.highPercent;
  }

  /** @param percent of the limit that is in use. */
  read(percent: number): void {
    this.#percent = percent;
    this.#level = nextLevel(this.#level, percent, this.thresholds);
  }
}
