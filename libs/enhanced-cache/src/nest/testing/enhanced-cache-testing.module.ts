import { type DynamicModule, Module } from '@nestjs/common';
import type { EnhancedCacheOptions } from '../../engine/options/options.js';
import { FakeClock } from '../../engine/ports/fake-clock.js';
import { defineRootCache } from '../module-definition.js';

/**
 * The default cache of a test: everything of `EnhancedCacheModule` but REST, on time that the test moves.
 *
 * ```ts
 * const app = await Test.createTestingModule({ imports: [EnhancedCacheTestingModule.forRoot(), CatModule] }).compile();
 * app.get(FakeClock).advance(60_000);
 * ```
 */
@Module({})
export class EnhancedCacheTestingModule {
  static forRoot({
    clock = new FakeClock(),
    ...options
  }: Omit<EnhancedCacheOptions, 'clock'> & { clock?: FakeClock } = {}): DynamicModule {
    const providers = [{ provide: FakeClock, useValue: clock }];
    return defineRootCache(this, { ...options, clock }, { providers, exports: [FakeClock] });
  }
}
