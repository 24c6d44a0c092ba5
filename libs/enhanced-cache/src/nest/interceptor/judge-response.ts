import { inspect } from '../../engine/codec/inspect.js';
import { classNameOf } from '../../engine/codec/object-kind.js';
import { entityTag } from '../../http/entity-tag.js';
import { type Headers, headerText } from '../../http/headers.js';
import { type Refusal, refusalToStore } from '../../http/response-decision.js';
import { changedHeaders, keptHeaders, type StoredResponse, storedResponse } from '../../http/stored-response.js';
import type { StoreRule } from '../decorators/rules.js';
import type { EnhancedCacheService } from '../enhanced-cache.service.js';
import type { RuleCall } from '../run-rules.js';
import { messageOf } from '../warn-once.js';
import type { HttpExchange } from './http-exchange.js';

const WITHHELD: Refusal = { reason: "the option 'unless' says so", isMistake: false };

/**
 * What the handler made of this exchange, as it is to be stored, or why it is not.
 *
 * @param before the response headers when the handler began; what differs since then is the handler's.
 */
export function judgeResponse(
  exchange: HttpExchange,
  before: Headers,
  body: unknown,
  rule: StoreRule,
  call: RuleCall,
  cache: EnhancedCacheService,
): StoredResponse | Refusal {
  const { status, isSent: sent, responseHeaders: headers } = exchange;
  const changed = changedHeaders(before, headers);
  // The identity in the key covers these two.
  const vary = rule.shared ? rule.vary : [...rule.vary, 'authorization', 'cookie'];
  const refusal = refusalToStore({ status, headers, changed, body, vary, sent });
  if (refusal) return refusal;
  if (rule.unless?.(body, ...call.args)) return WITHHELD;
  try {
    const foreign = foreignInstance(cache, body);
    if (foreign) {
      return { reason: `it holds an instance of ${foreign}; name the class in the option 'types'`, isMistake: true };
    }
    const etag = headerText(headers, 'etag') ?? entityTag(body);
    const createdAtMs = cache.clock.wallNow();
    return storedResponse({ status, headers: keptHeaders(headers, changed), body, etag, createdAtMs });
  } catch (error) {
    return { reason: messageOf(error), isMistake: true };
  }
}

export function isRefusal(judged: StoredResponse | Refusal): judged is Refusal {
  return 'reason' in judged;
}

/**
 * Name of a class in `body` whose instances would come back as plain data: interceptors that serialize by class would
 * show on a hit what they hide on a miss.
 */
function foreignInstance(cache: EnhancedCacheService, body: unknown): string | undefined {
  const foreign = inspect(body).instances.find(({ constructor }) => {
    // Without a constructor (Fastify's query objects) it is data: there is no class to serialize it by.
    return typeof constructor === 'function' && !cache.keepsInstancesOf(constructor);
  });
  return foreign && classNameOf(foreign);
}
