import { FakeClock } from '../engine/ports/fake-clock.js';
import { KeyChanges } from './key-changes.js';

describe('KeyChanges', () => {
  const setUp = () => {
    const clock = new FakeClock();
    return { clock, changes: new KeyChanges(clock) };
  };
  const state = async (waiting: Promise<void>): Promise<'over' | 'waiting'> =>
    Promise.race([waiting.then(() => 'over' as const), new Promise<'waiting'>((r) => setImmediate(r, 'waiting'))]);

  it('ends a wait at the first change of its key, and of no other', async () => {
    const { changes } = setUp();
    const waiting = changes.watch('a').wait(1000);
    changes.changed('b');
    expect(await state(waiting)).toBe('waiting');
    changes.changed('a');
    expect(await state(waiting)).toBe('over');
  });

  it('does not miss a change between the watch and the wait', async () => {
    const { changes } = setUp();
    const watch = changes.watch('a');
    changes.changed('a');
    expect(await state(watch.wait(Infinity))).toBe('over');
  });

  it('ends a wait when its time is over, and not before', async () => {
    const { changes, clock } = setUp();
    const waiting = changes.watch('a').wait(1000);
    clock.advance(999);
    expect(await state(waiting)).toBe('waiting');
    clock.advance(1);
    expect(await state(waiting)).toBe('over');
  });

  it('ends a wait that is aborted, or was before it began', async () => {
    const { changes } = setUp();
    const controller = new AbortController();
    const waiting = changes.watch('a').wait(Infinity, controller.signal);
    expect(await state(waiting)).toBe('waiting');
    controller.abort();
    expect(await state(waiting)).toBe('over');
    expect(await state(changes.watch('a').wait(Infinity, controller.signal))).toBe('over');
  });

  it('ends all waits of a key, and all of all keys', async () => {
    const { changes } = setUp();
    const waits = ['a', 'a', 'b'].map((name) => changes.watch(name).wait(Infinity));
    changes.changed('a');
    expect(await Promise.all(waits.map(state))).toEqual(['over', 'over', 'waiting']);
    changes.allChanged();
    expect(await state(waits[2])).toBe('over');
  });

  it('leaves no timer behind', async () => {
    const { changes, clock } = setUp();
    const waiting = changes.watch('a').wait(1000);
    changes.changed('a');
    await waiting;
    expect(clock.pendingTimers).toBe(0);
  });

  it('wakes those who still watch where another of them stopped', async () => {
    const { changes } = setUp();
    const [stopped, waiting] = [changes.watch('a'), changes.watch('a')];
    stopped.stop();
    const wait = waiting.wait(Infinity);
    changes.changed('a');
    expect(await state(wait)).toBe('over');
  });
});
