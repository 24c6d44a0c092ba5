/**
 * Metadata keys of Nest that tell what a method is. Nest exports them from a path that differs between its versions,
 * and those of GraphQL, RPC and WebSockets belong to packages that an app need not have; the texts are the same in all
 * versions that this package supports, and a spec compares them with the installed one.
 */
export const NestMetadata = {
  HTTP_METHOD: 'method',
  HTTP_PATH: 'path',
  HTTP_HOST: 'host',
  SSE: '__sse__',
  REDIRECT: '__redirect__',
  RENDER: '__renderTemplate__',
  ROUTE_ARGS: '__routeArguments__',
  CUSTOM_ROUTE_ARGS: '__customRouteArgs__',
  RESPONSE_PASSTHROUGH: '__responsePassthrough__',
  INTERCEPTORS: '__interceptors__',
  GUARDS: '__guards__',
  HEADERS: '__headers__',
  CACHE_KEY: 'cache_module:cache_key',
  CACHE_TTL: 'cache_module:cache_ttl',
  RPC_PATTERN: 'microservices:pattern',
  GRAPHQL_TYPE: 'graphql:resolver_type',
  WS_MESSAGE: 'websockets:message_mapping',
} as const;

/** The first part of a key of {@link NestMetadata.ROUTE_ARGS}: where a handler's argument comes from. */
export const RouteArgument = {
  REQUEST: 0,
  RESPONSE: 1,
  NEXT: 2,
  BODY: 3,
  QUERY: 4,
  PARAM: 5,
  HEADERS: 6,
  HOST: 10,
  IP: 11,
} as const;

const HANDLER_KEYS = [
  NestMetadata.HTTP_METHOD,
  NestMetadata.RPC_PATTERN,
  NestMetadata.GRAPHQL_TYPE,
  NestMetadata.WS_MESSAGE,
];

/**
 * Whether Nest calls `method` for requests and messages, through interceptors. GraphQL field resolvers are not among
 * them: interceptors run on those only where an app asks for it.
 */
export function isHandler(method: (...args: never[]) => unknown): boolean {
  return HANDLER_KEYS.some((key) => Reflect.hasMetadata(key, method));
}
