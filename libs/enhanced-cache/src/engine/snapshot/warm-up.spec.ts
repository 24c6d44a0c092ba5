import { setImmediate as turn } from 'node:timers/promises';
import type { EntryInput, SetOptions, WarmUpSource } from '../cache-types.js';
import { CacheClosedError, InvalidOptionsError, InvalidValueError } from '../errors.js';
import { FakeClock } from '../ports/fake-clock.js';
import { MAX_STEPS_PER_SLICE } from '../slices.js';
import { warmUp, WARM_UP_CONCURRENCY, type WarmUpSink } from './warm-up.js';

/** Takes everything but functions; a value's size is the length of its text. */
class FakeSink implements WarmUpSink {
  readonly stored = new Map<string, { value: unknown; options: SetOptions }>();

  set(key: string, value: unknown, options: SetOptions): number {
    if (typeof value === 'function') throw new InvalidValueError('value', 'a function cannot be stored');
    this.stored.set(key, { value, options });
    return String(value).length;
  }
}

async function* asynchronously(entries: EntryInput[]): AsyncGenerator<EntryInput> {
  for (const entry of entries) {
    await turn();
    yield entry;
  }
}

const entries: EntryInput[] = [
  { key: 'a', value: 'one' },
  { key: 'b', value: 'three' },
];

describe('warmUp', () => {
  it.each<[string, () => WarmUpSource]>([
    ['an object', () => ({ a: 'one', b: 'three' })],
    ['an object without prototype', () => Object.assign(Object.create(null), { a: 'one', b: 'three' })],
    ['a Map', () => new Map(entries.map(({ key, value }) => [key, value]))],
    ['an array of entries', () => entries],
    ['a generator', () => entries.values()],
    ['an async iterable', () => asynchronously(entries)],
  ])('takes %s', async (_, source) => {
    const sink = new FakeSink();
    const result = await warmUp(source(), {}, sink, new FakeClock());
    expect(result).toEqual({ success: 2, failed: 0, totalSize: 8, errors: [] });
    expect([...sink.stored].map(([key, { value }]) => [key, value])).toEqual([
      ['a', 'one'],
      ['b', 'three'],
    ]);
  });

  it.each([undefined, null, 42, 'text', new Date(0), () => 1])('refuses %p as a source', async (source) => {
    await expect(warmUp(source as never, {}, new FakeSink(), new FakeClock())).rejects.toThrow(InvalidOptionsError);
  });

  it('stores an own key named __proto__', async () => {
    const sink = new FakeSink();
    await warmUp(JSON.parse('{"__proto__": "value"}') as WarmUpSource, {}, sink, new FakeClock());
    expect([...sink.stored.keys()]).toEqual(['__proto__']);
  });

  it('lets an entry override the common options', async () => {
    const sink = new FakeSink();
    const source = [
      { key: 'own', value: 1, ttl: 5 },
      { key: 'common', value: 1 },
    ];
    await warmUp(source, { ttl: 60, tags: ['warm'] }, sink, new FakeClock());
    expect(sink.stored.get('own')?.options).toEqual({ ttl: 5, tags: ['warm'] });
    expect(sink.stored.get('common')?.options).toEqual({ ttl: 60, tags: ['warm'] });
  });

  it('counts what cannot be stored, tells the first 100 and stores the rest', async () => {
    const sink = new FakeSink();
    const source = Array.from(
      { length: 150 },
      (_, index) => ({ key: `bad:${index}`, value: () => index }) as EntryInput,
    );
    const result = await warmUp([...source, null as never, ...entries], {}, sink, new FakeClock());
    expect(result).toMatchObject({ success: 2, failed: 151, totalSize: 8 });
    expect(result.errors).toHaveLength(100);
    expect(result.errors[0]).toEqual({ key: 'bad:0', message: 'value: a function cannot be stored' });
  });

  it('adds up sizes of writes that end at the same time, and bounds how many are under way', async () => {
    let underWay = 0;
    let most = 0;
    const sink: WarmUpSink = {
      async set() {
        most = Math.max(most, ++underWay);
        await turn();
        underWay--;
        return 10;
      },
    };
    const source = Array.from({ length: 100 }, (_, index) => ({ key: `key:${index}`, value: index }));
    const result = await warmUp(source, {}, sink, new FakeClock());
    expect(result).toMatchObject({ success: 100, totalSize: 1000 });
    expect(most).toBe(WARM_UP_CONCURRENCY);
  });

  it('lets the loop turn between slices', async () => {
    const sink = new FakeSink();
    const count = 2 * MAX_STEPS_PER_SLICE;
    const source = Array.from({ length: count }, (_, index) => ({ key: `key:${index}`, value: index }));
    const running = warmUp(source, {}, sink, new FakeClock());
    await turn();
    expect(sink.stored.size).toBeLessThan(count);
    expect((await running).success).toBe(count);
  });

  it('rejects with the error of the source after the writes under way have ended', async () => {
    let ended = 0;
    const sink: WarmUpSink = { set: async () => (await turn(), ended++, 1) };
    const source = (function* (): Generator<EntryInput> {
      yield* entries;
      throw new Error('source failed');
    })();
    await expect(warmUp(source, {}, sink, new FakeClock())).rejects.toThrow('source failed');
    expect(ended).toBe(2);
  });

  it('stops where the cache is closed', async () => {
    let calls = 0;
    const sink: WarmUpSink = {
      set: async () => {
        calls++;
        await turn();
        throw new CacheClosedError();
      },
    };
    const source = Array.from({ length: 1000 }, (_, index) => ({ key: `key:${index}`, value: index }));
    await expect(warmUp(source, {}, sink, new FakeClock())).rejects.toThrow(CacheClosedError);
    expect(calls).toBeLessThanOrEqual(2 * WARM_UP_CONCURRENCY);
  });
});
