import { RedisKeys } from './keys.js';
import { NamespaceState } from './namespace-state.js';

/** The hash that holds the state, as Redis would have it. */
class FakeState {
  epoch: string | null = null;
  seq: string | null = null;
  calls = 0;
  /** Done before the next answer is given. */
  meanwhile: (() => void) | undefined;

  readonly call = async (_name: string | undefined, args: readonly unknown[]): Promise<unknown> => {
    this.calls++;
    if (args[0] === 'HSETNX') {
      const isNew = this.epoch === null;
      if (isNew) this.epoch = String(args[3]);
      return isNew ? 1 : 0;
    }
    const reply = [this.epoch, this.seq];
    const { meanwhile } = this;
    this.meanwhile = undefined;
    meanwhile?.();
    return reply;
  };
}

async function adopted(seq: string | null = null) {
  const redis = new FakeState();
  redis.seq = seq;
  const state = new NamespaceState(new RedisKeys('p'), redis.call);
  await state.ensure();
  return { redis, state, check: (isOrdered = true) => state.check(redis.call, isOrdered) };
}

describe('NamespaceState', () => {
  it('makes an epoch where there is none, and takes over the one that is there', async () => {
    const { redis, state } = await adopted();
    expect(state.epoch).toMatch(/^[\w-]{12}$/);
    const other = new NamespaceState(new RedisKeys('p'), redis.call);
    expect(await other.ensure()).toBe(state.epoch);
  });

  it('asks once for all who ask at the same time, and not again', async () => {
    const redis = new FakeState();
    const state = new NamespaceState(new RedisKeys('p'), redis.call);
    await Promise.all([state.ensure(), state.ensure(), state.ensure()]);
    await state.ensure();
    expect(redis.calls).toBe(2);
  });

  it('is the same while it has heard of every invalidation', async () => {
    const { redis, state, check } = await adopted('5');
    expect(await check()).toBe('same');
    redis.seq = '7';
    state.heard();
    state.heard();
    expect(await check()).toBe('same');
  });

  it('notices one that was not heard: at once where all is in order, else at the second look', async () => {
    const { redis, state, check } = await adopted('5');
    redis.seq = '6';
    expect(await check()).toBe('gap');
    await state.adopt(redis.call);
    expect(await check()).toBe('same');
    redis.seq = '7';
    expect(await check(false)).toBe('same');
    expect(await check(false)).toBe('gap');
  });

  it('does not take one that is only late for a gap, where messages may be late', async () => {
    const { redis, state, check } = await adopted('5');
    for (let seq = 6; seq < 10; seq++) {
      redis.seq = String(seq);
      expect(await check(false)).toBe('same');
      state.heard();
      expect(await check(false)).toBe('same');
    }
  });

  it('counts right where more was heard than was counted, once nothing more comes', async () => {
    const { redis, state, check } = await adopted('5');
    state.heard();
    expect([await check(), await check()]).toEqual(['same', 'same']);
    // 5 were counted in all: the next that is not heard is missed.
    redis.seq = '6';
    expect(await check()).toBe('gap');
  });

  it('notices another epoch, and that there is none any more', async () => {
    const { redis, state, check } = await adopted();
    redis.epoch = 'anotherepoch';
    expect(await check()).toBe('moved');
    await state.adopt(redis.call);
    expect(state.epoch).toBe('anotherepoch');
    redis.epoch = null;
    expect(await check()).toBe('moved');
  });

  it('does not know its epoch after a clear, and counts from 0', async () => {
    const { redis, state, check } = await adopted('5');
    state.cleared();
    expect(state.epoch).toBeUndefined();
    redis.epoch = null;
    redis.seq = null;
    expect(await check()).toBe('same');
    const fresh = await state.ensure();
    expect(fresh).toBe(redis.epoch);
    state.heard();
    redis.seq = '1';
    expect(await check()).toBe('same');
  });

  it.each([1, 10])('reads again where the namespace was cleared while it read: %i times in a row', async (times) => {
    const redis = new FakeState();
    const state = new NamespaceState(new RedisKeys('p'), redis.call);
    let clears = 0;
    const clear = (): void => {
      redis.epoch = null;
      state.cleared();
      if (++clears < times) redis.meanwhile = clear;
    };
    redis.meanwhile = clear;
    const epoch = await state.ensure();
    expect([clears, epoch]).toEqual([times, redis.epoch]);
    expect(state.epoch).toBe(redis.epoch);
  });
});
