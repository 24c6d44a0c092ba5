import { ExpiryBound } from './expiry-bound.js';

describe('ExpiryBound', () => {
  it('only ever falls by what is written', () => {
    const bound = new ExpiryBound();
    expect(bound.soonest).toBe(Infinity);
    for (const expiresAt of [50, 90, 20, 70]) bound.note(expiresAt);
    expect(bound.soonest).toBe(20);
  });

  it('rises to what a sweep has found', () => {
    const bound = new ExpiryBound();
    bound.note(20);
    const swept = bound.beginSweep();
    swept.soonest = 80;
    bound.endSweep(swept);
    expect(bound.soonest).toBe(80);
  });

  it('keeps what was written behind the back of the sweep', () => {
    const bound = new ExpiryBound();
    bound.note(20);
    const swept = bound.beginSweep();
    swept.soonest = 80;
    bound.note(40);
    expect(bound.soonest).toBe(20);
    bound.endSweep(swept);
    expect(bound.soonest).toBe(40);
  });

  it('ignores a sweep that another one has overtaken', () => {
    const bound = new ExpiryBound();
    bound.note(20);
    const first = bound.beginSweep();
    const second = bound.beginSweep();
    bound.endSweep(first);
    expect(bound.soonest).toBe(20);
    bound.endSweep(second);
    expect(bound.soonest).toBe(Infinity);
  });
});
