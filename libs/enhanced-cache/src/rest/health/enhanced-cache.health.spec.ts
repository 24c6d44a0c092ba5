import { HealthIndicatorService } from '@nestjs/terminus';
import type { HealthReport, HealthStatus } from '../../engine/reports.js';
import type { EnhancedCacheService } from '../../nest/enhanced-cache.service.js';
import { EnhancedCacheHealthIndicator } from './enhanced-cache.health.js';

function indicator(status: HealthStatus, service = new HealthIndicatorService()): EnhancedCacheHealthIndicator {
  const report: HealthReport = {
    status,
    checks: { memory: { status, usedBytes: 12345 }, lifecycle: { status: 'healthy' } },
    errors: ['12345 bytes are held'],
    timestamp: new Date(0),
  };
  return new EnhancedCacheHealthIndicator(service, { healthCheck: async () => report } as EnhancedCacheService);
}

/** Terminus 11 knows `up` and `down` alone. */
const older = {
  check: (key: string) => {
    const { up, down } = new HealthIndicatorService().check(key);
    const session = { key, compose: (status: string, data: object) => ({ [key]: { ...data, status } }) };
    return { up: up.bind(session as never), down: down.bind(session as never) };
  },
} as unknown as HealthIndicatorService;

describe('EnhancedCacheHealthIndicator', () => {
  it('is up without a word while the cache is healthy', async () => {
    await expect(indicator('healthy').isHealthy()).resolves.toEqual({ cache: { status: 'up' } });
  });

  it('names the checks that complain, under the key that was asked for, and no figure', async () => {
    await expect(indicator('unhealthy').isHealthy('l1')).resolves.toEqual({
      l1: { status: 'down', message: 'unhealthy: memory' },
    });
    await expect(indicator('degraded').isHealthy('l1')).resolves.toEqual({
      l1: { status: 'degraded', message: 'degraded: memory' },
    });
  });

  it('is up and says so where Terminus does not know degraded', async () => {
    await expect(indicator('degraded', older).isHealthy()).resolves.toEqual({
      cache: { status: 'up', message: 'degraded: memory' },
    });
  });
});
