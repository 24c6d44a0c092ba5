import { resolveAttributes } from '../entry/entry-attributes.js';
import { InvalidOptionsError } from '../errors.js';
import { Flight } from './flight.js';
import { LoaderContext, NOT_MODIFIED } from './load-context.js';

function contextOf<T>(previous?: T) {
  const attributes = resolveAttributes({ ttl: 60, tags: ['t'], priority: 1 }, Infinity);
  const flight = new Flight({}, 'k', { epoch: 0, sequence: 1 }, attributes.tags, false);
  return { flight, attributes, context: new LoaderContext<T>(flight, () => previous, attributes) };
}

describe('LoaderContext', () => {
  it('tells the loader its key, the value that it would replace, and when to stop', () => {
    const { flight, context } = contextOf('old');
    expect([context.key, context.stale, context.signal.aborted]).toEqual(['k', 'old', false]);
    expect(context.background).toBe(false);
    flight.background = true;
    expect(context.background).toBe(true);
    flight.abort('enough');
    expect(context.signal.reason).toBe('enough');
  });

  it('stores with what the call said where the loader says nothing', () => {
    const { context, attributes } = contextOf();
    expect([context.attributes, context.skipped]).toEqual([attributes, false]);
  });

  it('lets the loader say lifetime and priority', () => {
    const { context } = contextOf();
    context.ttl('5m');
    context.priority(-3);
    expect(context.attributes).toMatchObject({ ttlMs: 300_000, priority: -3, tags: ['t'] });
    context.ttl(null);
    expect(context.attributes.ttlMs).toBe(Infinity);
  });

  it('lets the loader say how long its result may stand in for others', () => {
    const { context } = contextOf();
    expect(context.keptMs).toBeUndefined();
    context.keep('1m');
    expect(context.keptMs).toBe(60_000);
    context.keep(null);
    expect(context.keptMs).toBe(0);
    expect(() => context.keep(-1)).toThrow(/^keep/);
  });

  it('adds tags to those of the call, at once known to whoever invalidates by them', () => {
    const { context, flight } = contextOf();
    context.tags('u', 't', 'v');
    expect(context.attributes.tags).toEqual(['t', 'u', 'v']);
    expect(flight.tags).toEqual(['t', 'u', 'v']);
  });

  it.each<[string, (context: LoaderContext<unknown>) => unknown]>([
    ['ttl', (context) => context.ttl(0)],
    ['priority', (context) => context.priority(101)],
    ['tags', (context) => context.tags('ok', '')],
  ])('refuses a %s that cannot work, and keeps what was said before', (name, say) => {
    const { context, attributes } = contextOf();
    expect(() => say(context)).toThrow(InvalidOptionsError);
    expect(() => say(context)).toThrow(new RegExp(`^${name}`));
    expect(context.attributes).toEqual(attributes);
  });

  it('keeps a result from being stored, marks one as still right, and fails', () => {
    const { context } = contextOf();
    context.skip();
    expect(context.skipped).toBe(true);
    expect(context.notModified()).toBe(NOT_MODIFIED);
    const reason = new RangeError('no');
    expect(() => context.fail(reason)).toThrow(reason);
    expect(() => context.fail('a text')).toThrow(new Error('a text'));
  });
});
