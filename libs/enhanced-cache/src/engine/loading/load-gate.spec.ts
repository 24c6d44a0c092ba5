import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { CacheBusyError } from '../errors.js';
import { GatePlace, LoadGate } from './load-gate.js';

const { signal: never } = new AbortController();

describe('LoadGate', () => {
  it('lets so many in at once, and the next ones in the order in which they came', async () => {
    const gate = new LoadGate();
    const places = Array.from({ length: 4 }, () => new GatePlace(gate));
    const log: number[] = [];
    const turns = places.map((place, i) => place.enter(2, 10, never)?.then(() => log.push(i)));
    expect([turns[0], turns[1], gate.running, gate.queued]).toEqual([undefined, undefined, 2, 2]);
    places[1].leave();
    await turns[2];
    places[0].leave();
    await turns[3];
    expect([log, gate.running]).toEqual([[2, 3], 2]);
    places[2].leave();
    places[3].leave();
    expect([gate.running, gate.queued]).toEqual([0, 0]);
  });

  it('turns away who would wait behind too many', async () => {
    const gate = new LoadGate();
    void new GatePlace(gate).enter(1, 1, never);
    void new GatePlace(gate).enter(1, 1, never);
    const refused = new GatePlace(gate);
    await expect(refused.enter(1, 1, never)).rejects.toThrow(CacheBusyError);
    refused.leave();
    expect([gate.running, gate.queued]).toEqual([1, 1]);
  });

  it('gives the wait up when the signal aborts, and passes the turn on to the next', async () => {
    const gate = new LoadGate();
    const [holder, impatient, patient] = [new GatePlace(gate), new GatePlace(gate), new GatePlace(gate)];
    void holder.enter(1, 10, never);
    const controller = new AbortController();
    const left = impatient.enter(1, 10, controller.signal);
    const turn = patient.enter(1, 10, never);
    controller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    holder.leave();
    await turn;
    expect([gate.running, gate.queued]).toEqual([1, 0]);
    await expect(new GatePlace(gate).enter(5, 10, controller.signal)).rejects.toThrow('gone');
    expect(gate.running).toBe(1);
  });

  it('gives a place back once, however often it is left', () => {
    const gate = new LoadGate();
    const [one, other] = [new GatePlace(gate), new GatePlace(gate)];
    void one.enter(2, 0, never);
    void other.enter(2, 0, never);
    one.leave();
    one.leave();
    expect(gate.running).toBe(1);
  });

  it('lets one through that a load with a place waits for, without a place, and keeps no listener', async () => {
    const gate = new LoadGate();
    const [holder, needed] = [new GatePlace(gate), new GatePlace(gate)];
    void holder.enter(1, 10, never);
    const { signal } = new AbortController();
    const turn = needed.enter(1, 10, signal);
    needed.letThrough();
    await turn;
    expect([gate.running, gate.queued, getEventListeners(signal, 'abort').length]).toEqual([1, 0, 0]);
    needed.leave();
    expect(gate.running).toBe(1);
    const early = new GatePlace(gate);
    early.letThrough();
    expect(early.enter(1, 10, never)).toBeUndefined();
    expect(gate.running).toBe(1);
    holder.letThrough();
    expect(gate.running).toBe(1);
  });

  it('counts nobody where any number may run', () => {
    const gate = new LoadGate();
    expect(new GatePlace(gate).enter(Infinity, 0, never)).toBeUndefined();
    expect(gate.running).toBe(0);
  });

  it('holds no more than allowed and loses no turn, whatever comes and goes', async () => {
    const step = fc.tuple(fc.constantFrom('enter', 'leave', 'abort', 'through'), fc.nat(20));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 60 }), async (max, steps) => {
        const gate = new LoadGate();
        const visits: { place: GatePlace; controller: AbortController }[] = [];
        for (const [what, which] of steps) {
          const visit = visits[which % Math.max(visits.length, 1)];
          if (what === 'enter') {
            const next = { place: new GatePlace(gate), controller: new AbortController() };
            next.place.enter(max, 5, next.controller.signal)?.catch(() => undefined);
            visits.push(next);
          } else if (what === 'leave') visit?.place.leave();
          else if (what === 'abort') visit?.controller.abort('gone');
          else visit?.place.letThrough();
          expect(gate.running).toBeLessThanOrEqual(max);
          if (gate.queued > 0) expect(gate.running).toBe(max);
        }
        for (const { place } of visits) place.leave();
        expect([gate.running, gate.queued]).toEqual([0, 0]);
      }),
      { seed: 20260111, numRuns: 300 },
    );
  });
});
