import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { EnhancedCacheHealthIndicator } from 'nestjs-enhanced-cache';

/**
 * What a load balancer asks, without a token. It learns whether to send requests here and nothing else: figures and
 * reasons are for operators, on the health route of the cache's own API.
 */
@ApiTags('Probe')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(EnhancedCacheHealthIndicator) private readonly cache: EnhancedCacheHealthIndicator,
  ) {}

  @Get()
  @HealthCheck({ noCache: true, swaggerDocumentation: false })
  @ApiOperation({ summary: 'Whether this server can take requests; public' })
  @ApiOkResponse({ example: { status: 'ok' } })
  @ApiServiceUnavailableResponse({ example: { status: 'error' } })
  async check(): Promise<{ status: string }> {
    try {
      const { status } = await this.health.check([() => this.cache.isHealthy('cache')]);
      return { status };
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      // Its own body names what failed and why.
      throw new ServiceUnavailableException({ status: 'error' });
    }
  }
}
