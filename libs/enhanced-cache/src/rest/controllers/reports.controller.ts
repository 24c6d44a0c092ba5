import { Inject, Res, type Type } from '@nestjs/common';
import { EnhancedCacheService } from '../../nest/enhanced-cache.service.js';
import { CacheController, type cacheRoutes } from '../openapi/cache-route.decorator.js';
import { ANALYTICS, HEALTH, MEMORY, STATS, UNHEALTHY } from '../openapi/report-schemas.js';
import { toWire } from '../wire.js';

/** What Express and Fastify responses have in common here. */
interface StatusSetter {
  status(code: number): unknown;
}

/** What the cache tells about itself. */
export function createReportsController(path: string, route: ReturnType<typeof cacheRoutes>): Type {
  @CacheController(path)
  class EnhancedCacheReportsController {
    constructor(@Inject(EnhancedCacheService) private readonly cache: EnhancedCacheService) {}

    @route({
      method: 'GET',
      path: 'stats',
      scope: 'cache:read',
      operation: 'getCacheStats',
      summary: 'Counters and gauges',
      answer: STATS,
    })
    stats(): Record<string, unknown> {
      return toWire(this.cache.getStats());
    }

    @route({
      method: 'GET',
      path: 'analytics',
      scope: 'cache:read',
      operation: 'getCacheAnalytics',
      summary: 'What is asked for: top keys, patterns, latencies',
      answer: ANALYTICS,
    })
    analytics(): Record<string, unknown> {
      return toWire(this.cache.getAnalytics());
    }

    @route({
      method: 'GET',
      path: 'memory',
      scope: 'cache:read',
      operation: 'getCacheMemory',
      summary: 'Where the bytes are',
      answer: MEMORY,
    })
    memory(): Record<string, unknown> {
      return toWire(this.cache.getMemoryUsage());
    }

    @route({
      method: 'GET',
      path: 'health',
      scope: 'cache:read',
      operation: 'getCacheHealth',
      summary: `The cache's judgement of itself`,
      answer: HEALTH,
      otherAnswers: { 503: { description: 'Unhealthy: it should get no traffic.', schema: UNHEALTHY } },
    })
    async health(@Res({ passthrough: true }) response: StatusSetter): Promise<Record<string, unknown>> {
      const report = await this.cache.healthCheck();
      if (report.status === 'unhealthy') response.status(503);
      return toWire(report);
    }
  }
  return EnhancedCacheReportsController;
}
