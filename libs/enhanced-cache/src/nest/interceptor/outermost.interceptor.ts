import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { Observable } from 'rxjs';
import type { CacheRegistry } from '../cache-registry.js';
import { NestMetadata } from '../nest-metadata.js';
import { APPLIED_RULES, CACHE_REGISTRY } from '../tokens.js';
import type { AppliedRules } from './applied-rules.js';
import { openFrontPath } from './front-path.js';
import { handlerFacts } from './handler-facts.js';
import { standLast } from './hit.guard.js';
import { cacheHttp } from './http-caching.js';

/**
 * Stands around all other interceptors of an app, so that what a hit sends is what they made of the response when it was
 * made, and they do not run again. It works for those handlers alone that the cache was applied to.
 *
 * An app without other interceptors does without it: those that the decorators apply are the outermost already.
 */
@Injectable()
export class OutermostInterceptor implements NestInterceptor {
  constructor(
    @Inject(CACHE_REGISTRY) private readonly registry: CacheRegistry,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(APPLIED_RULES) private readonly rules: AppliedRules,
  ) {}

  /** To be called before routes are made, as each is made with the guards and interceptors that are known then. */
  takePlace(): void {
    const { httpAdapter } = this.adapterHost;
    if (httpAdapter) openFrontPath(httpAdapter, this.config);
    this.rules.readApp();
    const controllers = this.#controllers();
    for (const controller of controllers) standLast(controller);
    const globals = this.config.getGlobalInterceptors();
    const hasScoped = this.config.getGlobalRequestInterceptors().length > 0;
    if (globals.length > 0 || hasScoped || controllers.some(hasInterceptorsAround)) globals.unshift(this);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    if (context.getType<string>() !== 'http') return next.handle();
    const facts = handlerFacts(context);
    const rules = this.rules.for(facts);
    if (!rules) return next.handle();
    const { registry } = this;
    return cacheHttp({ registry, adapter: this.adapterHost.httpAdapter, facts, rules, context, next });
  }

  #controllers(): Controller[] {
    return [...this.modules.values()].flatMap((module) =>
      [...module.controllers.values()].map(({ metatype }) => metatype).filter((type) => typeof type === 'function'),
    );
  }
}

type Controller = Parameters<typeof standLast>[0];

/** Whether interceptors stand on the class, around those of its handlers. */
function hasInterceptorsAround(controller: Controller): boolean {
  return Reflect.hasMetadata(NestMetadata.INTERCEPTORS, controller);
}
