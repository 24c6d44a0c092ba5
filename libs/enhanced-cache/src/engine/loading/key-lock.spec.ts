import { CacheTimeoutError } from '../errors.js';
import { FakeClock } from '../ports/fake-clock.js';
import { KeyLock } from './key-lock.js';

describe('KeyLock', () => {
  it('runs work for one key alone and in order, and other keys beside it', async () => {
    const lock = new KeyLock(new FakeClock());
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([lock.run('a', work('1')), lock.run('a', work('2')), lock.run('b', work('3'))]);
    expect(results).toEqual(['1', '2', '3']);
    expect(log.filter((line) => !line.startsWith('3'))).toEqual(['1 begins', '1 ends', '2 begins', '2 ends']);
    expect(log.indexOf('3 begins')).toBeLessThan(log.indexOf('1 ends'));
  });

  it('goes on after work that failed, and tells its caller alone', async () => {
    const lock = new KeyLock(new FakeClock());
    const failing = lock.run('a', () => {
      throw new Error('mine');
    });
    const next = lock.run('a', () => 'fine');
    await expect(failing).rejects.toThrow('mine');
    await expect(next).resolves.toBe('fine');
  });

  it('keeps nothing of a key once nobody waits', async () => {
    const lock = new KeyLock(new FakeClock());
    await Promise.allSettled([lock.run('a', () => 1), lock.run('a', () => Promise.reject(new Error('x')))]);
    expect(lock.size).toBe(0);
  });

  it('gives the lock to the next when a lease is over, and tells who held it', async () => {
    const clock = new FakeClock();
    const lock = new KeyLock(clock);
    let finish!: () => void;
    let signal!: AbortSignal;
    const slow = lock.run(
      'a',
      (held) => {
        signal = held.signal;
        return new Promise<string>((resolve) => (finish = () => resolve('late')));
      },
      { lease: '5s' },
    );
    const next = lock.run('a', ({ owner }) => owner);
    clock.advance(4999);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect(signal.reason).toBeInstanceOf(CacheTimeoutError);
    expect(await next).toBe(2);
    finish();
    expect(await slow).toBe('late');
    expect([lock.size, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('stops waiting when patience ends, without losing the place of the others', async () => {
    const clock = new FakeClock();
    const lock = new KeyLock(clock);
    let finish!: () => void;
    const holder = lock.run('a', () => new Promise<void>((resolve) => (finish = resolve)));
    const impatient = lock.run('a', () => 'never', { wait: '1s' });
    const patient = lock.run('a', () => 'mine');
    clock.advance(1000);
    await expect(impatient).rejects.toThrow(CacheTimeoutError);
    finish();
    await holder;
    expect(await patient).toBe('mine');
    expect(lock.size).toBe(0);
  });
});
