import type { WrapOptions } from '../cache-types.js';
import { InvalidKeyError, InvalidOptionsError } from '../errors.js';
import type { LoadOptions } from './load-options.js';
import { wrapFunction } from './wrap.js';

/** Wraps `fn` and notes the keys and options that it reads with. */
function wrapped<A extends unknown[], R>(fn: (...args: A) => R, options: WrapOptions<A> = {}) {
  const reads: { key: string; options: LoadOptions }[] = [];
  const cached = wrapFunction(fn, options, (key, load, how) => {
    reads.push({ key, options: how });
    return load();
  });
  return { cached, reads };
}

function area(width: number, height: number): number {
  return width * height;
}

describe('wrapFunction', () => {
  it('reads under the name of the function and its arguments, told apart by type', async () => {
    const { cached, reads } = wrapped(area);
    expect(await cached(2, 3)).toBe(6);
    expect(await (cached as (...args: unknown[]) => Promise<unknown>)('2', 3)).toBe(6);
    expect(reads.map(({ key }) => key)).toEqual(['area:n2,n3', 'area:s1:2,n3']);
    expect([cached.name, cached.length]).toEqual(['area', 2]);
  });

  it('takes a prefix, and a key that is a text or a function of the arguments', async () => {
    const byText = wrapped(area, { keyPrefix: 'geo', key: 'one-for-all' });
    const byArguments = wrapped(area, { key: (width) => `w${width}` });
    await byText.cached(1, 2);
    await byArguments.cached(7, 2);
    expect([byText.reads[0].key, byArguments.reads[0].key]).toEqual(['geo:one-for-all', 'area:w7']);
  });

  it('passes options on, with tags that may depend on the arguments', async () => {
    const { cached, reads } = wrapped(area, { ttl: 5, staleIfError: 60, tags: (width) => [`w:${width}`] });
    await cached(4, 1);
    expect(reads[0].options).toEqual({ ttl: 5, staleIfError: 60, tags: ['w:4'] });
  });

  it('keeps `this`, and hands errors on, thrown or rejected', async () => {
    const shop = {
      rate: 2,
      price: wrapped(function price(this: { rate: number }, net: number): number {
        if (net < 0) throw new RangeError('negative');
        return net * this.rate;
      }).cached,
    };
    expect(await shop.price(5)).toBe(10);
    await expect(shop.price(-1)).rejects.toThrow(RangeError);
  });

  it('refuses arguments that cannot tell calls apart, before it calls', async () => {
    let calls = 0;
    const { cached } = wrapped(function listen(_handler: () => void) {
      calls++;
    });
    await expect(cached(() => undefined)).rejects.toThrow(InvalidKeyError);
    expect(calls).toBe(0);
  });

  it('refuses a function that nothing tells apart from others', () => {
    expect(() => wrapped(() => 1)).toThrow(InvalidOptionsError);
    expect(() => wrapped(() => 1, { keyPrefix: 'one' })).not.toThrow();
  });
});
