import { DocumentBuilder } from '@nestjs/swagger';
import { describeEnhancedCacheApi } from './describe-api.js';

describe('describeEnhancedCacheApi', () => {
  it('adds the tag and the scheme of the token to what the app says of itself', () => {
    const config = describeEnhancedCacheApi(new DocumentBuilder().setTitle('Shop').addTag('orders')).build();
    expect(config.info.title).toBe('Shop');
    expect(config.tags?.map(({ name }) => name)).toEqual(['orders', 'Enhanced cache']);
    expect(config.components?.securitySchemes?.bearer).toMatchObject({
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
    });
  });
});
