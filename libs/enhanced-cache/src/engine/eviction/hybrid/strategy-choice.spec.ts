import { StrategyChoice } from './strategy-choice.js';

/** An epoch of 100 requests in which strategy `i` hits `hits[i]` of them. */
const epoch = (choice: StrategyChoice, hits: readonly number[], realHits = 0, isChecked = false): boolean => {
  for (let request = 0; request < 100; request++) {
    const pattern = hits.reduce((bits, count, i) => (request < count ? bits | (1 << i) : bits), 0);
    choice.count(pattern, request < realHits, isChecked);
  }
  return choice.endEpoch();
};

describe('StrategyChoice', () => {
  it('changes to one that leads consistently, not for a single good epoch', () => {
    const choice = new StrategyChoice(2, 0);
    expect(epoch(choice, [40, 90])).toBe(false);
    expect(choice.current).toBe(0);
    const steady = new StrategyChoice(2, 0);
    const changed = [1, 2, 3, 4].map(() => epoch(steady, [40, 50]));
    expect(changed).toContain(true);
    expect([steady.current, steady.changes]).toEqual([1, 1]);
  });

  it('does not change for a lead that is within chance or not worth it', () => {
    const choice = new StrategyChoice(2, 0);
    for (let i = 0; i < 40; i++) epoch(choice, i % 2 === 0 ? [40, 60] : [60, 40]);
    const tight = new StrategyChoice(2, 0);
    for (let i = 0; i < 40; i++) epoch(tight, [500 / 10, 50.5]);
    expect([choice.changes, tight.changes]).toEqual([0, 0]);
  });

  it('stays with a choice for some epochs, then goes with the load', () => {
    const choice = new StrategyChoice(3, 0);
    for (let i = 0; i < 4; i++) epoch(choice, [20, 60, 20]);
    expect(choice.current).toBe(1);
    let epochs = 0;
    for (; choice.current === 1 && epochs < 100; epochs++) epoch(choice, [20, 20, 60]);
    expect(choice.current).toBe(2);
    expect(epochs).toBeGreaterThanOrEqual(5);
    expect(epochs).toBeLessThan(40);
  });

  it('holds against a strategy what reality fell short of its shadow, and forgives in time', () => {
    const choice = new StrategyChoice(2, 0);
    // The shadow of 0 promises 60 of 100, reality has 10; 1 promises 40.
    for (let i = 0; i < 6 && choice.current === 0; i++) epoch(choice, [60, 40], 10, true);
    expect(choice.current).toBe(1);
    expect(choice.shortfalls[0]).toBeGreaterThan(0.2);
    const held = choice.shortfalls[0];
    for (let i = 0; i < 60; i++) epoch(choice, [60, 40], 40, false);
    expect(choice.shortfalls[0]).toBeLessThan(held);
  });

  it('chooses none before one of them beats what the real cache hits by rules of its own', () => {
    const level = new StrategyChoice(2);
    for (let i = 0; i < 40; i++) epoch(level, [40, 50], 50);
    expect([level.current, level.changes]).toEqual([undefined, 0]);
    const behind = new StrategyChoice(2);
    for (let i = 0; i < 4; i++) epoch(behind, [40, 50], 42);
    expect([behind.current, behind.changes]).toEqual([1, 1]);
  });

  it('does not go with a small and steady lead where another leads more, though in runs', () => {
    const choice = new StrategyChoice(3, 0);
    for (let i = 0; i < 12; i++) epoch(choice, i % 6 === 0 ? [40, 43, 90] : [40, 43, 37]);
    expect(choice.current).not.toBe(1);
  });

  it('shows what each strategy hit lately', () => {
    const choice = new StrategyChoice(2, 0);
    for (let i = 0; i < 5; i++) epoch(choice, [30, 32]);
    expect(choice.hitShares(100)).toEqual([0.3, 0.32]);
  });
});
