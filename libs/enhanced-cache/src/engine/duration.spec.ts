import { durationToMs } from './duration.js';
import { InvalidOptionsError } from './errors.js';

describe('durationToMs', () => {
  it.each([
    [1, 1000],
    [0.25, 250],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    [null, Infinity],
    [2 ** 53, 2 ** 53 * 1000],
  ] as const)('reads %p as %p milliseconds', (duration, ms) => expect(durationToMs(duration)).toBe(ms));

  it.each([0, -1, NaN, Infinity, -Infinity, 1e308, '', '5', 'm', '-5m', '0s', '5 minutes', '1e3s', {}, [], true])(
    'refuses %p',
    (duration) => expect(() => durationToMs(duration as never)).toThrow(InvalidOptionsError),
  );

  it('names the option, what is allowed and what was given', () => {
    expect(() => durationToMs(-1, 'defaultTtl')).toThrow(
      /^defaultTtl: expected seconds > 0, or a duration.*received -1$/,
    );
  });
});
