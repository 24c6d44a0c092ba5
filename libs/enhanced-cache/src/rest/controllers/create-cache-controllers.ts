import type { Type } from '@nestjs/common';
import { cacheRoutes } from '../openapi/cache-route.decorator.js';
import { createEntriesController } from './entries.controller.js';
import { createOperationsController } from './operations.controller.js';
import { createReportsController } from './reports.controller.js';
import { createTransferController } from './transfer.controller.js';

/** The controllers of one module and the path that they share. */
export interface CacheControllers {
  readonly path: string;
  readonly classes: Type[];
}

/**
 * New controller classes for each registration: Nest keeps path and guards as metadata of the class, so that two
 * registrations of one class would end with the settings of the latter.
 */
export function createCacheControllers(path: string, isSecured: boolean): CacheControllers {
  const route = cacheRoutes(isSecured);
  const factories = [
    createReportsController,
    createEntriesController,
    createOperationsController,
    createTransferController,
  ];
  return { path, classes: factories.map((create) => create(path, route)) };
}
