import { InvalidOptionsError } from './errors.js';

/**
 * A length of time as users write it: seconds as a number (fractions allowed), or a number with a unit:
 * `'250ms'`, `'30s'`, `'5m'`, `'1h'`, `'7d'`.
 */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}` | (string & {});

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;
const EXPECTED = `seconds > 0, or a duration such as '250ms', '30s', '5m', '1h', '7d', or null for never`;

/**
 * Milliseconds of a {@link Duration}; `null` is `Infinity`, never.
 *
 * @throws {InvalidOptionsError} for 0, negative, NaN, Infinity and anything that is not a duration, naming `option`.
 */
export function durationToMs(duration: Duration | null, option = 'ttl'): number {
  if (duration === null) return Infinity;
  const ms = typeof duration === 'number' ? duration * 1000 : typeof duration === 'string' ? parse(duration) : NaN;
  if (!(ms > 0 && ms < Infinity)) throw new InvalidOptionsError(option, EXPECTED, duration);
  return ms;
}

function parse(text: string): number {
  const match = DURATION.exec(text.trim());
  return match ? Number(match[1]) * UNIT_MS[match[2]] : NaN;
}
