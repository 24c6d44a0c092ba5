import { Inject, Injectable } from '@nestjs/common';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import type { CacheRule } from '../decorators/rules.js';
import { EnhancedCacheInterceptor } from './enhanced-cache.interceptor.js';
import type { HandlerFacts } from './handler-facts.js';

type RuleSource = Pick<EnhancedCacheInterceptor, 'rulesFor'>;

/** Where there is no instance to ask. */
const IMPLIED: RuleSource = { rulesFor: (facts) => facts.impliedRules };

/** Which rules stand on the handlers of one app, by decorators and by interceptors that were applied by hand. */
@Injectable()
export class AppliedRules {
  /** One that was applied to the whole app. */
  #ofApp: EnhancedCacheInterceptor | undefined;
  readonly #applied = new WeakMap<object, RuleSource>();

  constructor(
    @Inject(ApplicationConfig) private readonly config: ApplicationConfig,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /** To be called when the global interceptors are known. */
  readApp(): void {
    this.#ofApp = this.config.getGlobalInterceptors().find((each) => each instanceof EnhancedCacheInterceptor);
  }

  /** `undefined` for a handler that the cache was not applied to, opts out, or answers with a stream of events. */
  for(facts: HandlerFacts): readonly CacheRule[] | undefined {
    if (!facts.isHandler || facts.optsOut || facts.isEventStream) return undefined;
    return this.#ofApp?.rulesFor(facts) ?? facts.rules ?? this.#appliedTo(facts)?.rulesFor(facts);
  }

  /** The interceptor that was applied to the handler or its class: a subclass may have rules of its own. */
  #appliedTo({ applied }: HandlerFacts): RuleSource | undefined {
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
}
