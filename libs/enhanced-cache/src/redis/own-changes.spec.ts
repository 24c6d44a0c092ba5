import { FakeClock } from '../engine/ports/fake-clock.js';
import { RedisKeys } from './keys.js';
import { OwnChanges } from './own-changes.js';

/** So long after a script was sent its push may come, in milliseconds. */
const ECHO_MS = 1000;

describe('OwnChanges', () => {
  function setUp(stored: Record<string, string> = {}) {
    const clock = new FakeClock();
    const keys = new RedisKeys('p');
    const asked: unknown[] = [];
    const call = async (_name: string | undefined, args: readonly unknown[]): Promise<unknown> => {
      asked.push(args);
      const [, name, start, end] = args as string[];
      return Buffer.from((stored[name] ?? '').slice(Number(start), Number(end) + 1));
    };
    return { clock, stored, asked, own: new OwnChanges(keys, call, clock) };
  }

  it('takes a push for an echo only for a second after a script for that key was sent', () => {
    const { clock, own } = setUp();
    expect(own.mayEcho('a')).toBe(false);
    own.sending('a', Buffer.from('mine'));
    expect([own.mayEcho('a'), own.mayEcho('b')]).toEqual([true, false]);
    clock.advance(ECHO_MS - 1);
    expect(own.mayEcho('a')).toBe(true);
    clock.advance(1);
    expect(own.mayEcho('a')).toBe(false);
  });

  it('recognises what its script left there, by the first bytes alone', async () => {
    const { own, asked } = setUp({ 'p|v|a': 'mine and more' });
    own.sending('a', Buffer.from('mine'));
    expect(await own.isAsLeft('a')).toBe(true);
    expect(asked).toEqual([['GETRANGE', 'p|v|a', '0', '3']]);
    // Once: a second push is of somebody else's change.
    expect(own.mayEcho('a')).toBe(false);
  });

  it('does not take the value of another for its own', async () => {
    const { own } = setUp({ 'p|v|a': 'theirs' });
    own.sending('a', Buffer.from('mine'));
    expect(await own.isAsLeft('a')).toBe(false);
    expect(await own.isAsLeft('b')).toBe(false);
  });

  it('recognises that nothing is there where its script removed it, and that something is again', async () => {
    const { own, stored } = setUp();
    own.sending('a', Buffer.alloc(0));
    expect(await own.isAsLeft('a')).toBe(true);
    own.sending('a', Buffer.alloc(0));
    stored['p|v|a'] = 'theirs';
    expect(await own.isAsLeft('a')).toBe(false);
  });

  it('recognises what it sent while it looked, and waits for the echo of that', async () => {
    const { own, stored } = setUp();
    own.sending('a', Buffer.from('first'));
    stored['p|v|a'] = 'later';
    const looking = own.isAsLeft('a');
    own.sending('a', Buffer.from('later'));
    expect(await looking).toBe(true);
    expect(own.mayEcho('a')).toBe(true);
  });

  it('forgets everything when it is cleared', () => {
    const { own } = setUp();
    own.sending('a', Buffer.from('mine'));
    own.clear();
    expect(own.mayEcho('a')).toBe(false);
  });
});
