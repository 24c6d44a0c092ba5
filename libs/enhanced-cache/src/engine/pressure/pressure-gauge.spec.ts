import { nextLevel, PressureGauge, type PressureLevel, worseOf } from './pressure-gauge.js';

const THRESHOLDS = { okPercent: 75, highPercent: 85, criticalPercent: 93 };

/** The levels that a process goes through which uses so many percent, one after the other. */
function levelsOf(...percents: number[]): PressureLevel[] {
  let level: PressureLevel = 'ok';
  return percents.map((percent) => (level = nextLevel(level, percent, THRESHOLDS)));
}

describe('nextLevel', () => {
  it('rises as soon as a threshold is reached, past a level where need be', () => {
    expect(levelsOf(84.9, 85, 92.9, 93)).toEqual(['ok', 'high', 'high', 'critical']);
    expect(levelsOf(10, 120)).toEqual(['ok', 'critical']);
  });

  it('falls one threshold later than it rose', () => {
    expect(levelsOf(93, 85, 84.9, 75, 74.9)).toEqual(['critical', 'critical', 'high', 'high', 'ok']);
    expect(levelsOf(99, 20)).toEqual(['critical', 'ok']);
  });

  it('does not flicker at a threshold', () => {
    expect(levelsOf(85, 84, 86, 76, 85)).toEqual(['high', 'high', 'high', 'high', 'high']);
    expect(levelsOf(75, 84, 74, 80)).toEqual(['ok', 'ok', 'ok', 'ok']);
  });
});

describe('PressureGauge', () => {
  it('presses at the upper marks only, while the level stands until the lowest', () => {
    const gauge = new PressureGauge(THRESHOLDS);
    const readings = [50, 85, 80, 93, 86, 80, 74].map((percent) => {
      gauge.read(percent);
      return `${gauge.level}${gauge.isPressing ? '!' : ''}`;
    });
    expect(readings).toEqual(['ok', 'high!', 'high', 'critical!', 'critical!', 'high', 'ok']);
  });
});

describe('worseOf', () => {
  it('is the one nearer to the end', () => {
    expect([worseOf('ok', 'high'), worseOf('critical', 'high'), worseOf('ok', 'ok')]).toEqual([
      'high',
      'critical',
      'ok',
    ]);
  });
});
