import { Inject } from '@nestjs/common';
import { getCacheToken } from '../tokens.js';

/** Injects the default cache, or the one that `forFeature(name)` made, as `EnhancedCacheService`. */
export const InjectCache = (name?: string): ParameterDecorator & PropertyDecorator => Inject(getCacheToken(name));
