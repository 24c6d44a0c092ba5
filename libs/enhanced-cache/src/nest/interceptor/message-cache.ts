import type { CallHandler, ExecutionContext } from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import { argumentKey } from '../../engine/loading/argument-key.js';
import type { Headers } from '../../http/headers.js';
import { identityOf } from '../../http/identity.js';
import { variantKey } from '../../http/request-key.js';
import { isStream } from '../../http/response-decision.js';
import type { CacheRegistry } from '../cache-registry.js';
import { classLabel } from '../class-label.js';
import type { CacheRule, StoreRule } from '../decorators/rules.js';
import { returnsObservables } from '../observable-methods.js';
import { runRules } from '../run-rules.js';
import { firstValue } from './first-value.js';
import { HandlerCall } from './handler-call.js';
import { MessageStore } from './message-store.js';

/** The HTTP request behind a GraphQL operation, where its context has one. */
interface OperationRequest {
  readonly headers?: Headers;
  readonly user?: unknown;
}

interface OperationContext extends OperationRequest {
  readonly req?: OperationRequest;
  readonly request?: OperationRequest;
}

/**
 * Runs a GraphQL resolver or an RPC handler under its rules, keyed by the handler and what it is asked: root and
 * arguments, or the payload. A GraphQL operation that carries credentials has the identity in its key, as over HTTP.
 */
export async function runMessage(
  registry: CacheRegistry,
  rules: readonly CacheRule[],
  type: 'rpc' | 'graphql',
  context: ExecutionContext,
  next: CallHandler,
): Promise<Observable<unknown>> {
  const handler = context.getHandler();
  if (returnsObservables(handler)) return next.handle();
  const [first, second, third] = context.getArgs<unknown[]>();
  const asked = type === 'rpc' ? [first] : [first, second];
  const label = `${classLabel(context.getClass())}.${handler.name}`;
  const source = type === 'rpc' ? first : second;
  const call = new HandlerCall(label, [...context.getArgs<unknown[]>(), context], [source], () => {
    return `${type}:${label}:${argumentKey(asked)}`;
  });
  const store = new MessageStore((key, rule) =>
    type === 'rpc' ? key : operationKey(key, rule, third as OperationContext),
  );

  let ran = false;
  let streamed: Observable<unknown> | undefined;
  const value = await runRules(registry, rules, call, store, async () => {
    ran = true;
    const answer = await firstValue(next.handle());
    const isOne = !returnsObservables(handler) && !isStream(answer.value);
    if (!isOne) streamed = answer.all;
    return isOne ? answer.value : undefined;
  });
  // Another caller's run had nothing to share, as a stream is for one reader: this call gets its own.
  if (!ran && value === undefined) return next.handle();
  return streamed ?? of(value);
}

function operationKey(key: string, rule: StoreRule, context: OperationContext | undefined): string {
  const request = context?.req ?? context?.request ?? context;
  const headers = request?.headers ?? {};
  return variantKey(key, headers, rule.vary, rule.shared ? undefined : identityOf(request?.user, headers));
}
