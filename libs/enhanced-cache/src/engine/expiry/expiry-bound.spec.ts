import fc from 'fast-check';
import { ExpiryBound, GROUP_SLOTS } from './expiry-bound.js';

describe('ExpiryBound', () => {
  it('only ever falls by what is written', () => {
    const bound = new ExpiryBound();
    expect(bound.soonest).toBe(Infinity);
    for (const [slot, expiresAt] of [50, 90, 20, 70].entries()) bound.note(slot, expiresAt);
    expect(bound.soonest).toBe(20);
  });

  it('rises to what remains of a group that was looked at', () => {
    const bound = new ExpiryBound();
    bound.note(0, 20);
    bound.forget(0);
    bound.note(1, 80);
    bound.settle();
    expect(bound.soonest).toBe(80);
  });

  it('names the groups that may have something due, however far apart', () => {
    const bound = new ExpiryBound();
    bound.note(3, 10);
    bound.note(GROUP_SLOTS * 5, 30);
    bound.note(GROUP_SLOTS * 900 + 7, 20);
    expect([bound.nextDue(0, 9), bound.nextDue(0, 10), bound.nextDue(1, 25), bound.nextDue(1, 30)]).toEqual([
      -1, 0, 900, 5,
    ]);
    expect(bound.nextDue(901, Number.MAX_VALUE)).toBe(-1);
  });

  it('is never above an expiry, whatever is written while groups are looked at', () => {
    const write = fc.record({ slot: fc.nat(GROUP_SLOTS * 3 - 1), expiresAt: fc.nat(100) });
    const look = fc.record({ group: fc.nat(2), meanwhile: fc.array(write, { maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(fc.oneof(write, look), { maxLength: 40 }), (steps) => {
        const bound = new ExpiryBound();
        const expiries = new Map<number, number>();
        const put = ({ slot, expiresAt }: { slot: number; expiresAt: number }): void => {
          expiries.set(slot, expiresAt);
          bound.note(slot, expiresAt);
        };
        for (const step of steps) {
          if ('slot' in step) put(step);
          else {
            bound.forget(step.group);
            const from = step.group * GROUP_SLOTS;
            for (let slot = from; slot < from + GROUP_SLOTS; slot++) {
              if (slot % 100 === 50) step.meanwhile.forEach(put);
              const expiresAt = expiries.get(slot);
              if (expiresAt !== undefined) bound.note(slot, expiresAt);
            }
            bound.settle();
          }
          expect(bound.soonest).toBeLessThanOrEqual(Math.min(...expiries.values()));
          for (const [slot, expiresAt] of expiries) {
            const group = Math.floor(slot / GROUP_SLOTS);
            expect(bound.nextDue(group, expiresAt)).toBe(group);
          }
        }
      }),
      { seed: 3 },
    );
  });
});
