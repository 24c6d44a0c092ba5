import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { LaggingClock } from '../races/lagging-clock.js';

/**
 * The fast way of a hit compared the coarse time with times since the last `clear`, taken by the exact clock. In the
 * milliseconds by which the coarse clock lags, that was below zero, less than "never", and the hit handed out JSON text
 * instead of the value.
 */
describe('a read in the milliseconds after clear()', () => {
  it.each(['copy', 'frozen', 'shared'] as const)('gets the value and not its stored form: %s', async (isolation) => {
    const clock = new LaggingClock();
    const cache = new EnhancedCache({ clock, isolation });
    clock.advance(3);
    await cache.clear();
    for (const value of [{ a: 1 }, new Map([['a', 1]]), 'text', 7]) {
      await cache.set('k', value, 3600);
      expect(cache.getSync('k')).toEqual(value);
    }
    await cache.close();
  });
});
