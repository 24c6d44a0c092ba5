import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FakeClock } from '../engine/ports/fake-clock.js';
import { EnhancedCacheService } from './enhanced-cache.service.js';

class City {
  constructor(readonly name: string) {}
}

describe('EnhancedCacheService', () => {
  it('keeps time by the clock that it is given', async () => {
    const clock = new FakeClock();
    const cache = new EnhancedCacheService({ clock, defaultTtl: 10 });
    await cache.set('k', 1);
    clock.advance(10_001);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.clock).toBe(clock);
    await cache.onApplicationShutdown();
  });

  it('warns in the log of Nest', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const cache = new EnhancedCacheService();
    await cache.set('k', new City('Ulm'));
    expect(warn).toHaveBeenCalledWith(expect.stringContaining('City'));
    warn.mockRestore();
    await cache.close();
  });

  it('leaves warnings to who asked for them', async () => {
    const said: string[] = [];
    const cache = new EnhancedCacheService({ onWarning: (message) => said.push(message) });
    await cache.set('k', new City('Ulm'));
    expect(said).toHaveLength(1);
    await cache.close();
  });

  it.each([
    [{}, false],
    [{ types: [City] }, true],
    [{ isolation: 'frozen' }, true],
    [{ isolation: 'shared' }, true],
  ] as const)('knows whether %j brings instances back', async (options, kept) => {
    const cache = new EnhancedCacheService({ ...options, onWarning: () => undefined });
    await cache.set('k', new City('Ulm'));
    expect(cache.keepsInstancesOf(City)).toBe(kept);
    expect((await cache.get('k')) instanceof City).toBe(kept);
    await cache.close();
  });

  it('is closed after the shutdown of the app, and stands a second one', async () => {
    const cache = new EnhancedCacheService();
    await cache.onApplicationShutdown();
    await cache.onApplicationShutdown();
    await expect(cache.set('k', 1)).rejects.toThrow('the cache is closed');
  });
});
