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

/** Contexts of Nest besides HTTP in which handlers are cached. */
export type MessageType = 'rpc' | 'graphql' | 'ws';

/** What one call is asked, and by whom. */
interface Message {
  /** What makes up the default key. */
  readonly asked: readonly unknown[];
  /** Where names in templates are looked for. */
  readonly source: unknown;
  readonly variant: (key: string, rule: StoreRule) => string;
}

/**
 * Runs a GraphQL resolver, an RPC handler or one of a WebSocket gateway under its rules, keyed by the handler and what it
 * is asked: root and arguments, or the payload. The key of a GraphQL operation that carries credentials holds the
 * identity, as over HTTP; that of a WebSocket message holds the user of the connection, or else the connection itself.
 */
export async function runMessage(
  registry: CacheRegistry,
  rules: readonly CacheRule[],
  type: MessageType,
  context: ExecutionContext,
  next: CallHandler,
): Promise<Observable<unknown>> {
  const handler = context.getHandler();
  if (returnsObservables(handler)) return next.handle();
  const args = context.getArgs<unknown[]>();
  const { asked, source, variant } = MESSAGES[type](args);
  const label = `${classLabel(context.getClass())}.${handler.name}`;
  const call = new HandlerCall(label, [...args, context], [source], () => `${type}:${label}:${argumentKey(asked)}`);
  const store = new MessageStore(variant);

  let ran = false;
  let streamed: Observable<unknown> | undefined;
  const value = await runRules(registry, rules, call, store, async () => {
    ran = true;
    const answer = await firstValue(next.handle());
    const isOne = answer.isOnly && !returnsObservables(handler) && !isStream(answer.value);
    if (!isOne) streamed = answer.all;
    return isOne ? answer.value : undefined;
  });
  // Another caller's run had nothing to share, as a stream is for one reader: this call gets its own.
  if (!ran && value === undefined) return next.handle();
  return streamed ?? of(value);
}

/** What the arguments of a handler are in each context. */
const MESSAGES: Readonly<Record<MessageType, (args: readonly unknown[]) => Message>> = {
  rpc: ([payload]) => ({ asked: [payload], source: payload, variant: (key) => key }),
  graphql: ([root, args, context]) => ({
    asked: [root, args],
    source: args,
    variant: (key, rule) => operationKey(key, rule, context as OperationContext | undefined),
  }),
  ws: ([client, payload]) => ({
    asked: [payload],
    source: payload,
    variant: (key, rule) => connectionKey(key, rule, client as SocketClient),
  }),
};

function operationKey(key: string, rule: StoreRule, context: OperationContext | undefined): string {
  const request = context?.req ?? context?.request ?? context;
  const headers = request?.headers ?? {};
  return variantKey(key, headers, rule.vary, rule.shared ? undefined : identityOf(request?.user, headers));
}

/** What clients of socket.io and of ws may say of who they are. */
interface SocketClient {
  /** Where guards and middleware put a verified user. */
  readonly user?: unknown;
  readonly data?: { readonly user?: unknown };
  /** The request that a socket.io connection began with. */
  readonly handshake?: { readonly headers?: Headers };
}

/** Connections of which nobody knows whose they are, numbered: what one of them is answered is not for others. */
const connections = new WeakMap<object, number>();
let connectionCount = 0;

function connectionKey(key: string, rule: StoreRule, client: SocketClient): string {
  const headers = client.handshake?.headers ?? {};
  if (rule.shared) return variantKey(key, headers, rule.vary, undefined);
  const identity = identityOf(client.user ?? client.data?.user, headers) ?? `connection=${numberOf(client)}`;
  return variantKey(key, headers, rule.vary, identity);
}

function numberOf(client: object): number {
  const known = connections.get(client) ?? ++connectionCount;
  connections.set(client, known);
  return known;
}
