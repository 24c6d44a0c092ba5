import { InvalidOptionsError } from '../errors.js';
import { resolveAttributes } from './entry-attributes.js';

const HOUR_MS = 3_600_000;

describe('resolveAttributes', () => {
  it('applies the defaults', () => {
    const defaults = { ttlMs: HOUR_MS, staleMs: 0, loadMs: 0, tags: [], priority: 0, cost: 1, metadata: undefined };
    expect(resolveAttributes(undefined, HOUR_MS)).toEqual(defaults);
    expect(resolveAttributes({}, HOUR_MS)).toEqual(defaults);
  });

  it('takes a lifetime alone', () => {
    expect(resolveAttributes(30, HOUR_MS).ttlMs).toBe(30_000);
    expect(resolveAttributes('5m', HOUR_MS).ttlMs).toBe(300_000);
    expect(resolveAttributes(null, HOUR_MS).ttlMs).toBe(Infinity);
  });

  it('counts a repeated tag once', () => {
    expect(resolveAttributes({ tags: ['a', 'b', 'a'] }, HOUR_MS).tags).toEqual(['a', 'b']);
  });

  it('keeps metadata as it is now', () => {
    const metadata = { by: 'me' };
    const { metadata: kept } = resolveAttributes({ metadata }, HOUR_MS);
    metadata.by = 'you';
    expect(kept).toBe('{"by":"me"}');
  });

  it.each([
    ['ttl', { ttl: 0 }],
    ['ttl', { ttl: NaN }],
    ['tags', { tags: 'a' }],
    ['tags', { tags: Array.from({ length: 65 }, (_, i) => `t${i}`) }],
    ['tags[1]', { tags: ['a', ''] }],
    ['tags[0]', { tags: ['x'.repeat(257)] }],
    ['tags[0]', { tags: [7] }],
    ['priority', { priority: 101 }],
    ['priority', { priority: -101 }],
    ['priority', { priority: 0.5 }],
    ['cost', { cost: -1 }],
    ['cost', { cost: Infinity }],
    ['cost', { cost: '1' }],
    ['metadata', { metadata: [] }],
    ['metadata', { metadata: { n: 1n } }],
    ['expiry', { expiry: 5 }],
  ])('refuses %s in %p', (name, options) => {
    const judge = () => resolveAttributes(options as never, HOUR_MS);
    expect(judge).toThrow(InvalidOptionsError);
    expect(judge).toThrow(`${name}: expected `);
  });
});
