import { FakeClock } from './ports/fake-clock.js';
import { MAX_STEPS_PER_SLICE, runInSlices, SLICE_BUDGET_MS, SliceBudget } from './slices.js';

/** Counts its steps; each step takes `stepMs` of the fake time. */
function* work(clock: FakeClock, steps: number, stepMs: number, log: { done: number; closed?: boolean }) {
  try {
    for (; log.done < steps; log.done++) {
      clock.advance(stepMs);
      yield;
    }
  } finally {
    log.closed = true;
  }
}

describe('runInSlices', () => {
  it('finishes work that fits into one slice before it returns', () => {
    const clock = new FakeClock();
    const log = { done: 0 };
    void runInSlices(work(clock, 100, 0, log), clock);
    expect(log.done).toBe(100);
  });

  it('stops within a step of the budget where steps are slow, and goes on when the loop has turned', async () => {
    const clock = new FakeClock();
    const log = { done: 0 };
    const running = runInSlices(stepsWithoutFlush(clock, 10, SLICE_BUDGET_MS, log), clock);
    expect(log.done).toBe(0);
    await running;
    expect(log.done).toBe(10);
  });

  it('lets the loop turn where time stands still', () => {
    const clock = new FakeClock();
    const log = { done: 0 };
    void runInSlices(work(clock, MAX_STEPS_PER_SLICE * 3, 0, log), clock);
    expect(log.done).toBe(MAX_STEPS_PER_SLICE - 1);
  });

  it('is driven to its end by whoever drives the clock', async () => {
    const clock = new FakeClock();
    const log = { done: 0 };
    const running = runInSlices(work(clock, MAX_STEPS_PER_SLICE * 3, 0, log), clock);
    clock.flush();
    expect(log.done).toBe(MAX_STEPS_PER_SLICE * 3);
    await running;
  });

  it('rejects with the error of a step, in a later slice too', async () => {
    const clock = new FakeClock();
    const broken = (function* () {
      for (let step = 0; step < MAX_STEPS_PER_SLICE * 2; step++) yield;
      throw new Error('step failed');
    })();
    await expect(runInSlices(broken, clock)).rejects.toThrow('step failed');
  });

  it('closes the work and rejects with the reason when the signal aborts', async () => {
    const clock = new FakeClock();
    const log: { done: number; closed?: boolean } = { done: 0 };
    const abort = new AbortController();
    const running = runInSlices(work(clock, 1e6, 0, log), clock, SLICE_BUDGET_MS, abort.signal);
    abort.abort(new Error('closing'));
    await expect(running).rejects.toThrow('closing');
    expect(log.closed).toBe(true);
    expect(log.done).toBeLessThan(MAX_STEPS_PER_SLICE);
  });

  it('does nothing where the signal was aborted before', async () => {
    const clock = new FakeClock();
    const log = { done: 0 };
    const running = runInSlices(work(clock, 10, 0, log), clock, SLICE_BUDGET_MS, AbortSignal.abort());
    await expect(running).rejects.toThrow();
    expect(log.done).toBe(0);
  });
});

describe('SliceBudget', () => {
  it('reads the clock far less often than it is asked', () => {
    const clock = new FakeClock();
    let readings = 0;
    const now = clock.now.bind(clock);
    clock.now = () => (readings++, now());
    const budget = new SliceBudget(clock);
    let steps = 0;
    while (!budget.spent()) steps++;
    expect(steps).toBe(MAX_STEPS_PER_SLICE - 1);
    expect(readings).toBeLessThan(steps / 40);
  });

  it('reads it at every step where it is told to', () => {
    const clock = new FakeClock();
    const budget = new SliceBudget(clock, 2, 1);
    for (let step = 0; step < 100; step++) expect(budget.spent()).toBe(false);
    clock.advance(2);
    expect(budget.spent()).toBe(true);
  });

  it('starts anew after the loop has turned', async () => {
    const clock = new FakeClock();
    const budget = new SliceBudget(clock);
    clock.advance(5);
    expect(budget.spent()).toBe(true);
    await budget.renew();
    expect(budget.spent()).toBe(false);
  });
});

/** As {@link work}, but moves only the time: `advance` would run the deferred slices inside the step. */
function* stepsWithoutFlush(clock: FakeClock, steps: number, stepMs: number, log: { done: number }) {
  let ms = 0;
  clock.now = () => ms;
  for (; log.done < steps; log.done++) {
    ms += stepMs;
    yield;
  }
}
