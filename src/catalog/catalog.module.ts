import { type DynamicModule, Module } from '@nestjs/common';
import { CatalogController } from './catalog.controller.js';
import { CATALOG_DATABASE, openCatalogDatabase } from './catalog.database.js';
import { CatalogRepository } from './catalog.repository.js';
import { CatalogService } from './catalog.service.js';

@Module({})
export class CatalogModule {
  /** @param file a path, or `:memory:`; see {@link openCatalogDatabase}. */
  static open(file: string): DynamicModule {
    return {
      module: CatalogModule,
      controllers: [CatalogController],
      providers: [
        { provide: CATALOG_DATABASE, useFactory: () => openCatalogDatabase(file) },
        CatalogRepository,
        CatalogService,
      ],
    };
  }
}
