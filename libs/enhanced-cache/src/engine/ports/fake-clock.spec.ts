import { FakeClock } from './fake-clock.js';

describe('FakeClock', () => {
  it('stands still until it is moved, and moves both times by the same', () => {
    const clock = new FakeClock({ wallNow: 1000 });
    expect([clock.now(), clock.coarseNow(), clock.wallNow()]).toEqual([0, 0, 1000]);
    clock.advance(250);
    expect([clock.now(), clock.coarseNow(), clock.wallNow()]).toEqual([250, 250, 1250]);
    clock.stepWall(-5000);
    expect([clock.now(), clock.wallNow()]).toEqual([250, -3750]);
  });

  it('runs what comes due on the way, in order, at its own time, including what is scheduled meanwhile', () => {
    const clock = new FakeClock();
    const log: string[] = [];
    const at = (name: string) => () => log.push(`${name} at ${clock.now()}`);
    clock.schedule(at('late'), 30);
    clock.schedule(() => {
      at('early')();
      clock.schedule(at('nested'), 5);
    }, 10);
    clock.schedule(at('cancelled'), 20).cancel();
    clock.schedule(at('beyond'), 31);
    clock.advance(30);
    expect(log).toEqual(['early at 10', 'nested at 15', 'late at 30']);
    expect(clock.pendingTimers).toBe(1);
  });

  it('runs deferred work when it is flushed, and by itself in a later turn', async () => {
    const clock = new FakeClock();
    const log: number[] = [];
    clock.defer(() => log.push(1));
    clock.flush();
    clock.defer(() => log.push(2));
    expect(log).toEqual([1]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(log).toEqual([1, 2]);
  });
});
