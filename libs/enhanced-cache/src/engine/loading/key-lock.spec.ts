import { KeyLock } from './key-lock.js';

describe('KeyLock', () => {
  it('runs work for one key alone and in order, and other keys beside it', async () => {
    const lock = new KeyLock();
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
    const lock = new KeyLock();
    const failing = lock.run('a', () => {
      throw new Error('mine');
    });
    const next = lock.run('a', () => 'fine');
    await expect(failing).rejects.toThrow('mine');
    await expect(next).resolves.toBe('fine');
  });

  it('keeps nothing of a key once nobody waits', async () => {
    const lock = new KeyLock();
    await Promise.allSettled([lock.run('a', () => 1), lock.run('a', () => Promise.reject(new Error('x')))]);
    expect(lock.size).toBe(0);
  });
});
