import { createRequire } from 'node:module';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { describeEnhancedCacheApi } from 'nestjs-enhanced-cache';

const { version } = createRequire(import.meta.url)('nestjs-enhanced-cache/package.json') as { version: string };

/** Swagger UI at `/docs`, the OpenAPI document at `/docs-json`. Everything is served from here, nothing from elsewhere. */
export function serveOpenApi(app: INestApplication): void {
  const builder = new DocumentBuilder()
    .setTitle('Enhanced Cache')
    .setVersion(version)
    .setDescription(
      'The REST API of the cache, and a demo that shows what caching does for slow questions. ' +
        'A token for the routes with a lock is printed where the server was started.',
    );
  const description = describeEnhancedCacheApi(builder).build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description), {
    jsonDocumentUrl: 'docs-json',
    customSiteTitle: 'Enhanced Cache',
    // The validator would be asked over the internet, with the address of this document.
    swaggerOptions: { validatorUrl: null },
  });
}
