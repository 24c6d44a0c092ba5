import { type DynamicModule, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EnhancedCacheModule, type JwtAuthOptions } from 'nestjs-enhanced-cache';
import type { AppConfig } from './app.config.js';
import { CatalogModule } from './catalog/catalog.module.js';
import type { AuthConfig } from './config/auth.config.js';
import { HealthController } from './health.controller.js';

/** The server: the cache with its REST API, a public probe, and the demo catalogue. */
@Module({})
export class AppModule {
  static from(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        EnhancedCacheModule.forRoot({
          ...config.cache,
          redis: config.redis,
          controller: { auth: verification(config.auth) },
        }),
        TerminusModule,
        CatalogModule.open(config.catalogDb),
      ],
      controllers: [HealthController],
    };
  }
}

function verification({ generated: _generated, ...auth }: AuthConfig): JwtAuthOptions {
  return auth;
}
