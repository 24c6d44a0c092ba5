import { CacheEvents } from './events.js';

describe('CacheEvents', () => {
  it('tells every listener of the event and of no other', () => {
    const events = new CacheEvents();
    const heard: string[] = [];
    events.on('hit', ({ key }) => heard.push(`first ${key}`));
    events.on('hit', ({ key }) => heard.push(`second ${key}`));
    events.on('miss', ({ key }) => heard.push(`miss ${key}`));
    events.emit('hit', { key: 'a' });
    expect(heard).toEqual(['first a', 'second a']);
  });

  it('knows whether anybody listens, and forgets who left', () => {
    const events = new CacheEvents();
    expect(events.has('hit')).toBe(false);
    const off = events.on('hit', () => undefined);
    expect(events.has('hit')).toBe(true);
    off();
    off();
    expect(events.has('hit')).toBe(false);
  });

  it('isolates a listener that throws or rejects, and reports it as an error event', async () => {
    const events = new CacheEvents();
    const errors: unknown[] = [];
    const heard: string[] = [];
    events.on('error', ({ operation, error }) => errors.push([operation, (error as Error).message]));
    events.on('hit', () => {
      throw new Error('thrown');
    });
    events.on('hit', async () => {
      throw new Error('rejected');
    });
    events.on('hit', ({ key }) => heard.push(key));
    events.emit('hit', { key: 'a' });
    await Promise.resolve();
    expect(heard).toEqual(['a']);
    expect(errors).toEqual([
      ['listener of hit', 'thrown'],
      ['listener of hit', 'rejected'],
    ]);
    expect(events.failures).toBe(2);
  });

  it('does not tell a failing error listener about itself', () => {
    const events = new CacheEvents();
    let calls = 0;
    events.on('error', () => {
      calls++;
      throw new Error('again');
    });
    events.emit('error', { operation: 'x', error: undefined });
    expect(calls).toBe(1);
    expect(events.failures).toBe(1);
  });
});
