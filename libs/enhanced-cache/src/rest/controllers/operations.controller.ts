import { Inject, type Type } from '@nestjs/common';
import { ApiBody } from '@nestjs/swagger';
import { EnhancedCacheService } from '../../nest/enhanced-cache.service.js';
import { BenchmarkDto, ConfigureDto, toReconfiguration } from '../dto/operation.dto.js';
import { WireBody } from '../dto/wire-input.js';
import { CacheController, type cacheRoutes } from '../openapi/cache-route.decorator.js';
import { BENCHMARK, CLEARED, CONFIGURED } from '../openapi/operation-schemas.js';
import { propagation, toWire } from '../wire.js';

/** A body without any field. */
class NothingDto {}

/** What concerns the cache as a whole. */
export function createOperationsController(path: string, route: ReturnType<typeof cacheRoutes>): Type {
  @CacheController(path)
  class EnhancedCacheOperationsController {
    constructor(@Inject(EnhancedCacheService) private readonly cache: EnhancedCacheService) {}

    @route({
      method: 'POST',
      path: 'clear',
      scope: 'cache:admin',
      operation: 'clearCache',
      summary: 'Remove everything',
      answer: CLEARED,
      errors: { 400: ['all: no field of that name (known: none)'] },
    })
    async clear(@WireBody(NothingDto) _body: Readonly<NothingDto>): Promise<Record<string, unknown>> {
      const { result, propagated } = await this.cache.clearAnnounced();
      return { cleared_count: result, ...propagation(propagated) };
    }

    @route({
      method: 'POST',
      path: 'benchmark',
      scope: 'cache:admin',
      operation: 'benchmarkCache',
      summary: 'Time sets and gets on a scratch cache of the same configuration',
      description: 'Live entries and figures are not touched. One run at a time.',
      answer: BENCHMARK,
      errors: {
        400: ['iterations: expected an integer from 1 to 100000, received 0'],
        409: 'a benchmark is running already',
        503: 'the cache is closed',
      },
    })
    @ApiBody({ type: BenchmarkDto, required: false })
    async benchmark(@WireBody(BenchmarkDto) { iterations }: Readonly<BenchmarkDto>): Promise<Record<string, unknown>> {
      return toWire(await this.cache.benchmarkPerformance(iterations));
    }

    @route({
      method: 'POST',
      path: 'configure',
      scope: 'cache:admin',
      operation: 'configureCache',
      summary: 'Change options of the running cache',
      description: 'All or nothing. Entries that still fit stay.',
      answer: CONFIGURED,
      errors: { 400: ['max_size: expected an integer >= 1, received 0'] },
    })
    @ApiBody({ type: ConfigureDto })
    async configure(@WireBody(ConfigureDto) changes: Readonly<ConfigureDto>): Promise<Record<string, unknown>> {
      return { success: true, ...toWire(await this.cache.configure(toReconfiguration(changes))) };
    }
  }
  return EnhancedCacheOperationsController;
}
