import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { EnhancedCacheModule as Lean, EnhancedCacheService } from '../../libs/enhanced-cache/src/lean.js';
export * from '../../libs/enhanced-cache/src/lean.js';
export class EnhancedCacheModule { static forRoot({ controller: _c, ...rest }: any) { return Lean.forRoot(rest); } }
@Injectable()
export class EnhancedCacheHealthIndicator {
  constructor(@Inject(HealthIndicatorService) private h: any, @Inject(EnhancedCacheService) private c: any) {}
  async isHealthy(k: string) { const r = await this.c.healthCheck(); return r.status === 'unhealthy' ? this.h.check(k).down({ message: 'x' }) : this.h.check(k).up(); }
}
