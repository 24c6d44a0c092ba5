import type { SetOptions } from '../../engine/cache-types.js';
import { identityOf } from '../../http/identity.js';
import { variantKey, variantTag } from '../../http/request-key.js';
import type { StoreRule } from '../decorators/rules.js';
import type { RuleCall } from '../run-rules.js';
import type { PlatformRequest } from './http-exchange.js';

/** Where a response lies. */
export interface Target {
  /** The key without its variants; what an eviction names. */
  readonly base: string;
  readonly key: string;
  readonly options: SetOptions;
  /** Tags that the rule names. */
  readonly tags: readonly string[];
}

/**
 * @param vary request headers that are part of the key.
 * @throws {import('../../engine/errors.js').CacheError} where key or tags cannot be made.
 */
export function targetOf(rule: StoreRule, call: RuleCall, request: PlatformRequest, vary: readonly string[]): Target {
  const base = rule.key ? rule.key.resolve(call) : call.defaultKey();
  const key = keyOf(base, rule, request, vary);
  const tags = rule.tags.resolve(call);
  return { base, key, tags, options: { ...rule.attributes, tags: rule.key ? [...tags, variantTag(base)] : tags } };
}

/** @throws {import('../../engine/errors.js').InvalidKeyError} for a user that cannot be part of a key. */
export function keyOf(base: string, rule: StoreRule, request: PlatformRequest, vary: readonly string[]): string {
  const { headers, user } = request;
  return variantKey(base, headers, vary, rule.shared ? undefined : identityOf(user, headers));
}
