import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import type { Observable } from 'rxjs';
import type { CacheRegistry } from '../cache-registry.js';
import { NestMetadata } from '../nest-metadata.js';
import { CACHE_REGISTRY } from '../tokens.js';
import { EnhancedCacheInterceptor } from './enhanced-cache.interceptor.js';
import { openFrontPath } from './front-path.js';
import { type HandlerFacts, handlerFacts } from './handler-facts.js';
import { cacheHttp } from './http-caching.js';

type RuleSource = Pick<EnhancedCacheInterceptor, 'rulesFor'>;

/** Where there is no instance to ask. */
const IMPLIED: RuleSource = { rulesFor: (facts) => facts.impliedRules };

/**
 * Stands around all other interceptors of an app, so that what a hit sends is what they made of the response when it was
 * made, and they do not run again. It works for those handlers alone that the cache was applied to.
 *
 * An app without other interceptors does without it: those that the decorators apply are the outermost already.
 */
@Injectable()
export class OutermostInterceptor implements NestInterceptor {
  /** One that was applied to the whole app. */
  #ofApp: EnhancedCacheInterceptor | undefined;
  readonly #applied = new WeakMap<object, RuleSource>();

  constructor(
    @Inject(CACHE_REGISTRY) private readonly registry: CacheRegistry,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /** To be called before routes are made, as each is made with the interceptors that are known then. */
  takePlace(): void {
    const { httpAdapter } = this.adapterHost;
    if (httpAdapter) openFrontPath(httpAdapter, this.config);
    const globals = this.config.getGlobalInterceptors();
    this.#ofApp = globals.find((each) => each instanceof EnhancedCacheInterceptor);
    const hasScoped = this.config.getGlobalRequestInterceptors().length > 0;
    if (globals.length > 0 || hasScoped || this.#controllers().some(hasInterceptorsAround)) globals.unshift(this);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    if (context.getType<string>() !== 'http') return next.handle();
    const facts = handlerFacts(context);
    const rules = this.#ofApp?.rulesFor(facts) ?? facts.rules ?? this.#appliedTo(facts)?.rulesFor(facts);
    if (!rules || !facts.isHandler || facts.optsOut || facts.isEventStream) return next.handle();
    const { registry } = this;
    return cacheHttp({ registry, adapter: this.adapterHost.httpAdapter, facts, rules, context, next });
  }

  /** The interceptor that was applied to the handler or its class: a subclass may have rules of its own. */
  #appliedTo(facts: HandlerFacts): RuleSource | undefined {
    const { applied } = facts;
    if (applied === undefined) return undefined;
    let source = this.#applied.get(applied);
    if (!source) this.#applied.set(applied, (source = this.#instanceOf(applied) ?? IMPLIED));
    return source;
  }

  #instanceOf(applied: object): RuleSource | undefined {
    if (applied instanceof EnhancedCacheInterceptor) return applied;
    for (const { injectables } of this.modules.values()) {
      for (const { metatype, instance } of injectables.values()) {
        if (metatype === applied && instance instanceof EnhancedCacheInterceptor) return instance;
      }
    }
    return undefined;
  }

  #controllers(): object[] {
    return [...this.modules.values()].flatMap((module) =>
      [...module.controllers.values()].map(({ metatype }) => metatype as object),
    );
  }
}

/** Whether interceptors stand on the class, around those of its handlers. */
function hasInterceptorsAround(controller: object | null): boolean {
  return typeof controller === 'function' && Reflect.hasMetadata(NestMetadata.INTERCEPTORS, controller);
}
