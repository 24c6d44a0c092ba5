import { Test } from '@nestjs/testing';
import { FakeClock } from '../../engine/ports/fake-clock.js';
import { EnhancedCacheService } from '../enhanced-cache.service.js';
import { EnhancedCacheTestingModule } from './enhanced-cache-testing.module.js';

describe('EnhancedCacheTestingModule', () => {
  it('gives the test a cache on time that the test moves', async () => {
    const app = await Test.createTestingModule({
      imports: [EnhancedCacheTestingModule.forRoot({ maxSize: 10 })],
    }).compile();
    const cache = app.get(EnhancedCacheService);
    await cache.set('k', 1, '1h');
    app.get(FakeClock).advance(3_599_999);
    expect(await cache.get('k')).toBe(1);
    app.get(FakeClock).advance(1);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.getStats().maxSize).toBe(10);
    await app.close();
  });

  it('takes a clock that several caches share', async () => {
    const clock = new FakeClock();
    const app = await Test.createTestingModule({ imports: [EnhancedCacheTestingModule.forRoot({ clock })] }).compile();
    expect(app.get(FakeClock)).toBe(clock);
    await app.close();
  });
});
