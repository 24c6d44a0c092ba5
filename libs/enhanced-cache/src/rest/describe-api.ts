import type { DocumentBuilder } from '@nestjs/swagger';
import { API_TAG, BEARER_SCHEME } from './openapi/cache-route.decorator.js';

/**
 * Adds to an app's OpenAPI document what the routes of the cache refer to: their tag, and the bearer token under the
 * name that `addBearerAuth()` has by default.
 *
 * ```ts
 * const config = describeEnhancedCacheApi(new DocumentBuilder().setTitle('Shop')).build();
 * ```
 */
export function describeEnhancedCacheApi(builder: DocumentBuilder): DocumentBuilder {
  return builder.addTag(API_TAG, 'Figures, entries and settings of the cache in this process.').addBearerAuth(
    {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'A token with the scope cache:read, cache:write or cache:admin; the wider includes the narrower.',
    },
    BEARER_SCHEME,
  );
}
