import { SetMetadata } from '@nestjs/common';
import { NO_CACHE } from '../tokens.js';

/** Keeps the interceptor off a handler, or off all handlers of a controller, whatever else is applied to them. */
export const NoCache = (): MethodDecorator & ClassDecorator => SetMetadata(NO_CACHE, true);
