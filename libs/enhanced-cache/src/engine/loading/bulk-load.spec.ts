import type { BulkLoader } from '../cache-types.js';
import { ControlledSource, settled } from '../../../test/support/controlled-source.js';
import { LoadingWorld, NOTHING_LEFT } from '../../../test/support/loading-world.js';

/** Answers `value of KEY` for every key but those in `unknown`, and notes what it was asked for. */
function bulkSource(unknown: string[] = []) {
  const asked: string[][] = [];
  const load: BulkLoader<string> = (keys) => {
    asked.push(keys);
    return new Map(keys.filter((key) => !unknown.includes(key)).map((key) => [key, `value of ${key}`]));
  };
  return { asked, load };
}

describe('getMany', () => {
  it('asks once for the keys that are not there, and answers in the order that was asked', async () => {
    const world = new LoadingWorld();
    await world.get('b', () => 'cached');
    const { asked, load } = bulkSource();
    const found = await world.getMany(['c', 'b', 'a', 'c'], load);
    expect([...found]).toEqual([
      ['c', 'value of c'],
      ['b', 'cached'],
      ['a', 'value of a'],
    ]);
    expect(asked).toEqual([['c', 'a']]);
    await world.getMany(['a', 'b', 'c'], load);
    expect(asked).toHaveLength(1);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('leaves out and does not store what the source does not know', async () => {
    const world = new LoadingWorld();
    const { load, asked } = bulkSource(['b']);
    expect([...(await world.getMany(['a', 'b'], load)).keys()]).toEqual(['a']);
    await world.getMany(['a', 'b'], load);
    expect(asked).toEqual([['a', 'b'], ['b']]);
  });

  it('takes an object for an answer, and refuses anything else', async () => {
    const world = new LoadingWorld();
    expect(await world.getMany(['a'], () => ({ a: 1 }))).toEqual(new Map([['a', 1]]));
    const bad = world.getMany(['b'], (() => 'text') as unknown as BulkLoader<number>);
    await expect(bad).rejects.toMatchObject({ code: 'CACHE_INVALID_VALUE' });
  });

  it('joins loads that are running, and lets others join its own', async () => {
    const world = new LoadingWorld();
    const single = new ControlledSource<string>();
    const bulk = new ControlledSource<Map<string, string>>();
    const first = world.get('a', single.load);
    const many = world.getMany(['a', 'b'], () => bulk.load({} as never));
    await settled();
    const last = world.get('b', single.load);
    single.last.answer('one');
    bulk.last.answer(new Map([['b', 'two']]));
    expect([await first, [...(await many).values()], await last]).toEqual(['one', ['one', 'two'], 'two']);
    expect([single.calls.length, bulk.calls.length]).toEqual([1, 1]);
  });

  it('fences each key by itself', async () => {
    const world = new LoadingWorld();
    const bulk = new ControlledSource<Map<string, string>>();
    const many = world.getMany(['a', 'b'], () => bulk.load({} as never));
    await settled();
    world.parts.core.delete('a');
    bulk.last.answer(new Map([['a', 'old'], ['b', 'fine']])); // prettier-ignore
    expect([...(await many).values()]).toEqual(['old', 'fine']);
    expect([world.parts.core.read('a'), world.parts.core.read('b')]).toEqual([undefined, 'fine']);
  });

  it('fails for who asked when the source fails, and for the keys that no old value stands in for', async () => {
    const world = new LoadingWorld({ loading: { staleIfError: 60 } });
    await world.get('a', () => 'old', 1);
    world.clock.advance(1000);
    const down: BulkLoader<string> = () => Promise.reject(new Error('down'));
    await expect(world.getMany(['a', 'b'], down)).rejects.toThrow('down');
    world.clock.advance(1000);
    expect(await world.getMany(['a'], down)).toEqual(new Map([['a', 'old']]));
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('takes one place for all its keys, and gives it back', async () => {
    const world = new LoadingWorld({ loading: { maxConcurrentLoads: 1 } });
    const bulk = new ControlledSource<Map<string, string>>();
    const many = world.getMany(['a', 'b', 'c'], () => bulk.load({} as never));
    await settled();
    const next = new ControlledSource<string>();
    const single = world.get('d', next.load);
    expect([world.parts.gate.running, world.parts.gate.queued, next.calls.length]).toEqual([1, 1, 0]);
    bulk.last.answer(new Map([['a', '1']]));
    await many;
    await settled();
    next.last.answer('mine');
    expect(await single).toBe('mine');
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('needs no place inside of a load that has one, nor does a load that waits for one of its keys', async () => {
    const world = new LoadingWorld({ loading: { maxConcurrentLoads: 1 } });
    const { load } = bulkSource();
    const outer = world.get('outer', async () => (await world.getMany(['a', 'b'], load)).get('b'));
    expect(await outer).toBe('value of b');
    const holder = world.get('holder', async () => {
      await settled();
      return world.get('c', () => 'never called');
    });
    const queued = world.getMany(['c'], load);
    expect([await holder, await queued]).toEqual(['value of c', new Map([['c', 'value of c']])]);
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('gives its place back when all its keys timed out, having begun or not', async () => {
    const world = new LoadingWorld({ loading: { maxConcurrentLoads: 1, hardTimeout: '1s' } });
    const hung = new ControlledSource<Map<string, string>>();
    const running = world.getMany(['a', 'b'], () => hung.load({} as never));
    await settled();
    const queued = world.getMany(['c', 'd'], () => hung.load({} as never));
    await settled();
    expect(world.parts.gate.queued).toBe(1);
    world.clock.advance(1000);
    await expect(running).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    await expect(queued).rejects.toMatchObject({ code: 'CACHE_TIMEOUT' });
    await settled();
    expect(await world.get('e', () => 'next')).toBe('next');
    expect(hung.calls.length).toBeLessThanOrEqual(2);
    expect(world.leftovers()).toMatchObject({ placesHeld: 0, queued: 0, running: 0 });
  });

  it('refuses a call that asks for any of its own keys', async () => {
    const world = new LoadingWorld();
    for (const own of ['a', 'b']) {
      const itself = world.getMany(['a', 'b'], async () => ({ a: await world.get(own, () => 1) }));
      await expect(itself).rejects.toMatchObject({ code: 'CACHE_RECURSIVE_LOAD' });
    }
    expect(world.leftovers()).toEqual(NOTHING_LEFT);
  });

  it('aborts the call when nobody waits for any of its keys any more, and not before', async () => {
    const world = new LoadingWorld();
    const controller = new AbortController();
    let signal!: AbortSignal;
    const endless: BulkLoader<string> = (_keys, context) => {
      signal = context.signal;
      return new Promise(() => undefined);
    };
    const many = world.getMany(['a', 'b'], endless, { signal: controller.signal });
    await settled();
    const patient = new AbortController();
    const other = world.get('b', () => 'never called', { signal: patient.signal });
    controller.abort(new Error('gone'));
    await expect(many).rejects.toThrow('gone');
    expect(signal.aborted).toBe(false);
    patient.abort(new Error('gone too'));
    await expect(other).rejects.toThrow('gone too');
    expect(signal.aborted).toBe(true);
  });
});
