import { WindowClimber } from './window-climber.js';

describe('WindowClimber', () => {
  /** Requests of one look at a cache of 10 entries, so many of them hits. */
  const look = (climber: WindowClimber, hits: number): void => {
    for (let i = 0; i < hits; i++) climber.hit();
    for (let i = hits; i < 100; i++) climber.miss(10);
  };

  it('goes on while the hit ratio does not fall, and turns when it does', () => {
    const climber = new WindowClimber();
    look(climber, 50);
    look(climber, 51);
    const up = climber.share;
    expect(up).toBeGreaterThan(0.1);
    look(climber, 49);
    expect(climber.share).toBeLessThan(up);
  });

  it('takes smaller steps as time goes by, and large ones again when the load changes', () => {
    const climber = new WindowClimber();
    const steps = (hits: number): number => {
      const before = climber.share;
      look(climber, hits);
      return Math.abs(climber.share - before);
    };
    const first = steps(50);
    for (let i = 0; i < 40; i++) steps(i % 2 === 0 ? 51 : 50);
    const late = steps(50);
    expect(late).toBeLessThan(first / 2);
    expect(steps(80)).toBeCloseTo(0.0625, 5);
  });

  it('stays within its bounds', () => {
    const climber = new WindowClimber();
    for (let i = 0; i < 50; i++) look(climber, 50);
    expect(climber.share).toBeLessThanOrEqual(0.8);
    for (let i = 0; i < 50; i++) look(climber, i % 2 === 0 ? 10 : 5);
    expect(climber.share).toBeGreaterThanOrEqual(0.01);
  });
});
