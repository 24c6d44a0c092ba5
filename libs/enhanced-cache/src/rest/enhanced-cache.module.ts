import { type DynamicModule, Inject, Module, type NestModule, Optional, type Provider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { HealthIndicatorService } from '@nestjs/terminus';
import type { EnhancedCacheOptions as EngineOptions } from '../engine/options/options.js';
import { EnhancedCacheModule as LeanCacheModule } from '../nest/enhanced-cache.module.js';
import { type CacheModuleExtension, defineRootCache, defineRootCacheAsync } from '../nest/module-definition.js';
import { CACHE_OPTIONS } from '../nest/tokens.js';
import { JwtAuthenticator } from './auth/jwt-authenticator.js';
import { controllerPath, type ControllerSettings, judgeController } from './controller-options.js';
import { type CacheControllers, createCacheControllers } from './controllers/create-cache-controllers.js';
import {
  type EnhancedCacheModuleAsyncOptions,
  type EnhancedCacheModuleExtras,
  type EnhancedCacheModuleOptions,
  returnedController,
  withoutController,
} from './enhanced-cache.options.js';
import { EnhancedCacheHealthIndicator } from './health/enhanced-cache.health.js';
import { PortableValues } from './portable-values.js';
import { prepareRoutes } from './prepare-routes.js';
import { CACHE_AUTHENTICATOR, CACHE_CONTROLLERS, CONTROLLER_SETTINGS } from './tokens.js';

/**
 * The cache as a Nest module with the operator's face: REST controller, JWT guard, OpenAPI descriptions, Terminus
 * indicator. Everything else is that of the module in `nestjs-enhanced-cache/lean`.
 *
 * ```ts
 * EnhancedCacheModule.forRoot({ maxSize: 5000, controller: { auth: { secret } } });
 * EnhancedCacheModule.forRootAsync({
 *   inject: [ConfigService],
 *   useFactory: (config: ConfigService) => ({ controller: { auth: { secret: config.getOrThrow('JWT_SECRET') } } }),
 * });
 * ```
 *
 * Whether there is a controller and where its routes are shapes the module graph, so `controller: false` and
 * `controller.path` stand beside an async factory; `controller.auth` is a value, which the factory may return.
 */
@Module({})
export class EnhancedCacheModule extends LeanCacheModule implements NestModule {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Optional() @Inject(CACHE_CONTROLLERS) private readonly controllers: CacheControllers | undefined,
  ) {
    super();
  }

  /** The default cache. One call in an app: a second one stops the boot, as further caches have names. */
  static override forRoot(options: EnhancedCacheModuleOptions = {}): DynamicModule {
    const [controller, rest] = takeController(options);
    return defineRootCache(this, rest, operatorFace(controller));
  }

  /** {@link forRoot} with options that other providers take part in. */
  static override forRootAsync<A extends unknown[] = never[]>(
    options: EnhancedCacheModuleAsyncOptions<A>,
  ): DynamicModule {
    const [controller, rest] = takeController(options);
    const { useClass } = options ?? {};
    const sources: Provider[] = useClass ? [{ provide: useClass, useClass }] : [];
    return defineRootCacheAsync(this, withoutController(rest), operatorFace(controller, sources));
  }

  configure(): void {
    if (this.controllers) prepareRoutes(this.adapterHost.httpAdapter, this.controllers);
  }
}

type Controller = EnhancedCacheModuleExtras['controller'];

/** What is no object is left to the lean module, which has the sentence for it. */
function takeController<O extends { controller?: Controller }>(options: O): [Controller, Omit<O, 'controller'>] {
  if (typeof options !== 'object' || options === null) return [undefined, options];
  const { controller, ...rest } = options;
  return [controller, rest];
}

/** Everything that the default cache's module has more than the lean one. */
function operatorFace(controller: Controller, sources: Provider[] = []): CacheModuleExtension {
  const providers = [...sources, HealthIndicatorService, EnhancedCacheHealthIndicator];
  const exports = [EnhancedCacheHealthIndicator];
  if (controller === false) return { providers, exports };
  const controllers = createCacheControllers(controllerPath(controller), controller?.auth !== false);
  return {
    controllers: controllers.classes,
    providers: [...providers, ...controllerProviders(controller, controllers)],
    // What the guard needs, so that an app can put it on routes of its own.
    exports: [...exports, CACHE_AUTHENTICATOR],
  };
}

function controllerProviders(controller: Exclude<Controller, false>, controllers: CacheControllers): Provider[] {
  return [
    PortableValues,
    { provide: CACHE_CONTROLLERS, useValue: controllers },
    {
      provide: CONTROLLER_SETTINGS,
      inject: [CACHE_OPTIONS],
      useFactory: (options: EngineOptions) => judgeController(controller, returnedController(options)),
    },
    {
      provide: CACHE_AUTHENTICATOR,
      inject: [CONTROLLER_SETTINGS],
      useFactory: ({ verification }: ControllerSettings) => verification && new JwtAuthenticator(verification),
    },
  ];
}
