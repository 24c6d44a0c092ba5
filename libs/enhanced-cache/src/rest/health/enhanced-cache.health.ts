import { Inject, Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { HealthReport } from '../../engine/reports.js';
import { EnhancedCacheService } from '../../nest/enhanced-cache.service.js';

/**
 * The cache in a Terminus health check: `() => this.cache.isHealthy('cache')`.
 *
 * Unhealthy is `down`. Degraded, which still serves every request, is `degraded` where Terminus knows that (from 12 on)
 * and `up` before; either way the `message` names the checks that complain and no figure, as probes tend to be public.
 */
@Injectable()
export class EnhancedCacheHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(EnhancedCacheService) private readonly cache: EnhancedCacheService,
  ) {}

  async isHealthy<Key extends string = 'cache'>(key: Key = 'cache' as Key): Promise<HealthIndicatorResult<Key>> {
    const report = await this.cache.healthCheck();
    const indicator = this.indicators.check(key);
    if (report.status === 'healthy') return indicator.up();
    const message = complaint(report);
    if (report.status === 'unhealthy') return indicator.down({ message });
    // Terminus 11 has no such method.
    if (typeof indicator.degraded !== 'function') return indicator.up({ message });
    return indicator.degraded({ message });
  }
}

function complaint({ status, checks }: HealthReport): string {
  const names = Object.keys(checks).filter((name) => checks[name].status !== 'healthy');
  return `${status}: ${names.join(', ')}`;
}
