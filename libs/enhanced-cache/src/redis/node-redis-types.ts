/**
 * What is used of node-redis 6, by structure: its own types are not needed to compile against this package.
 */
type Argument = string | Buffer;

export interface NodeRedisClient {
  connect(): Promise<unknown>;
  destroy(): void;
  duplicate(options?: Record<string, unknown>): NodeRedisClient;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  sendCommand(args: readonly Argument[]): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
}

export interface NodeRedisCluster {
  /** Nodes that are known now, and the connection to each, where there is one. */
  readonly masters: readonly { readonly client?: NodeRedisClient & { readonly isReady: boolean } }[];
  connect(): Promise<unknown>;
  destroy(): void;
  duplicate(options?: Record<string, unknown>): NodeRedisCluster;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  sendCommand(
    firstKey: Argument | undefined,
    isReadonly: boolean | undefined,
    args: readonly Argument[],
  ): Promise<unknown>;
}

/** The part of its client-side cache that decides what is tracked and hears of it. */
export interface TrackingProvider {
  trackingOn(): string[];
  invalidate(key: Buffer | string | null): void;
}

/** The module `redis`. */
export interface NodeRedisModule {
  createClient(options: Record<string, unknown>): NodeRedisClient;
  createCluster(options: Record<string, unknown>): NodeRedisCluster;
  BasicPooledClientSideCache: new () => TrackingProvider;
  RESP_TYPES: { readonly BLOB_STRING: number };
}
