import type { StoreRule } from '../decorators/rules.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import type { RuleCall } from '../run-rules.js';
import { ValueStore } from '../value-store.js';
import { messageOf, warnOnce } from '../warn-once.js';

/** Keeps what GraphQL and RPC handlers return. A call that has no key runs uncached, as a request must not fail for it. */
export class MessageStore extends ValueStore {
  override readonly resolvesEarly = false;

  /** @param variant makes the key of who asks from that of what is asked for. */
  constructor(private readonly variant: (key: string, rule: StoreRule) => string) {
    super();
  }

  override async lookUp(
    cache: EnhancedCacheService,
    rule: StoreRule,
    call: RuleCall,
    load: () => Promise<unknown>,
  ): Promise<unknown> {
    try {
      this.keyOf(rule, call);
      rule.tags.resolve(call);
    } catch (error) {
      warnOnce(`${call.label} is not cached: ${messageOf(error)}`);
      return load();
    }
    return super.lookUp(cache, rule, call, load);
  }

  protected override keyOf(rule: StoreRule, call: RuleCall): string {
    return this.variant(super.keyOf(rule, call), rule);
  }
}
