import { type DynamicModule, Module } from '@nestjs/common';
import type { AuthConfig } from '../config/auth.config.js';
import { CATALOG_AUTH } from './catalog-write.guard.js';
import { CatalogController } from './catalog.controller.js';
import { CATALOG_DATABASE, openCatalogDatabase } from './catalog.database.js';
import { CatalogRepository } from './catalog.repository.js';
import { CatalogService } from './catalog.service.js';

@Module({})
export class CatalogModule {
  /**
   * @param file a path, or `:memory:`; see {@link openCatalogDatabase}.
   * @param auth whose tokens open the write route.
   */
  static open(file: string, auth: AuthConfig): DynamicModule {
    return {
      module: CatalogModule,
      controllers: [CatalogController],
      providers: [
        { provide: CATALOG_DATABASE, useFactory: () => openCatalogDatabase(file) },
        { provide: CATALOG_AUTH, useValue: auth },
        CatalogRepository,
        CatalogService,
      ],
    };
  }
}
