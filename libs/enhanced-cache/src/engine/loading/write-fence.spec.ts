import { WriteFence } from './write-fence.js';

describe('WriteFence', () => {
  it('lets a value through when nothing happened since it began to be fetched', () => {
    const fence = new WriteFence();
    fence.invalidateKey('k');
    const token = fence.open();
    expect(fence.isWhole(token, 'k', ['t'])).toBe(true);
  });

  it.each<[string, (fence: WriteFence) => void]>([
    ['its key', (fence) => fence.invalidateKey('k')],
    ['one of its tags', (fence) => fence.invalidateTags(['other', 't2'])],
    ['everything', (fence) => fence.invalidateEverything()],
  ])('keeps a value out once %s was invalidated', (_what, invalidate) => {
    const fence = new WriteFence();
    const token = fence.open();
    invalidate(fence);
    expect(fence.isWhole(token, 'k', ['t1', 't2'])).toBe(false);
  });

  it('does not mind invalidations of other keys and tags', () => {
    const fence = new WriteFence();
    const token = fence.open();
    fence.invalidateKey('other');
    fence.invalidateTags(['other']);
    expect(fence.isWhole(token, 'k', ['t'])).toBe(true);
  });

  it('lets a fetch through that began after the invalidation, while an older one is still running', () => {
    const fence = new WriteFence();
    const old = fence.open();
    fence.invalidateKey('k');
    const young = fence.open();
    expect(fence.isWhole(young, 'k', [])).toBe(true);
    expect(fence.isWhole(old, 'k', [])).toBe(false);
  });

  it('remembers nothing while nobody fetches, and forgets when the last fetch ends', () => {
    const fence = new WriteFence();
    for (let i = 0; i < 1000; i++) fence.invalidateKey(`absent-${i}`);
    expect(fence.remembered).toBe(0);
    const token = fence.open();
    fence.invalidateKey('k');
    fence.invalidateTags(['t']);
    expect(fence.remembered).toBe(2);
    fence.close(token);
    expect(fence.remembered).toBe(0);
    expect(fence.openTokens).toBe(0);
  });

  it('stays bounded under a flood of invalidations, and then keeps every older fetch out', () => {
    const fence = new WriteFence();
    const token = fence.open();
    for (let i = 0; i < 50_000; i++) fence.invalidateKey(`key-${i}`);
    expect(fence.remembered).toBeLessThanOrEqual(10_000);
    expect(fence.isWhole(token, 'untouched', [])).toBe(false);
    expect(fence.isWhole(fence.open(), 'untouched', [])).toBe(true);
  });
});
