import type { NodeRedisClient, NodeRedisCluster, NodeRedisModule } from './node-redis-types.js';
import { destroy, lineOptions, loadNodeRedis } from './open-server.js';
import type { LineListener, LineSubject, OpenLine, RedisArgument, RedisLine } from './redis-line.js';

/** Makes the client of one attempt. `defaults` are for the connections to all nodes. */
export type MakeCluster = (
  redis: NodeRedisModule,
  options: Record<string, unknown>,
  defaults: Record<string, unknown>,
) => NodeRedisCluster;

/** What says that a node was lost, or that there is another one: the keys of whatever moved were not tracked meanwhile. */
const UNSETTLING = ['error', 'node-error', 'node-disconnect', 'node-reconnecting', 'node-ready'];

/**
 * Opens lines to a cluster: every master is tracked on the connection to it, the channel is heard on one of its own. So a
 * message may come later than a reply that it should precede.
 */
export function openCluster(make: MakeCluster): OpenLine {
  return async (subject, listener, signal) => {
    const redis = await loadNodeRedis();
    const { clientSideCache, commandOptions, RESP, ...defaults } = lineOptions(redis, subject, listener);
    const cluster = make(redis, { RESP, clientSideCache, commandOptions }, defaults);
    const line = new ClusterLine(cluster);
    const giveUp = (): void => line.close();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      // Without a listener an error would be thrown; while it is being opened, connect() says what is wrong.
      cluster.on('error', () => undefined);
      await cluster.connect();
      signal.throwIfAborted();
      // What changes on a node without a connection nobody would hear of.
      if (!cluster.masters.every(({ client }) => client?.isReady)) throw new Error('a master is out of reach');
      await line.subscribe(subject, listener);
      signal.throwIfAborted();
      for (const event of UNSETTLING) {
        cluster.on(event, (error) => {
          if (!line.closed) listener.lost(error instanceof Error ? error : new Error(`the cluster reported ${event}`));
        });
      }
      return line;
    } catch (error) {
      line.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  };
}

class ClusterLine implements RedisLine {
  readonly ordered = false;
  closed = false;

  #subscriber: NodeRedisClient | undefined;

  constructor(private readonly cluster: NodeRedisCluster) {}

  /**
   * Hears the channel on a connection of its own to one of the masters; the nodes pass messages on to each other.
   *
   * It is not tracked: what is changed over the connection to that master would come back over this one.
   */
  async subscribe({ channel }: LineSubject, listener: LineListener): Promise<void> {
    const subscriber = this.cluster.masters[0].client?.duplicate({ clientSideCache: undefined }) as NodeRedisClient;
    this.#subscriber = subscriber;
    const lost = (error: unknown): void => {
      if (!this.closed) listener.lost(error);
    };
    subscriber.on('error', lost);
    subscriber.on('end', () => lost(new Error('the connection to the channel was closed')));
    await subscriber.connect();
    await subscriber.subscribe(channel, (message) => {
      if (!this.closed) listener.message(message);
    });
  }

  send(name: string | undefined, args: readonly RedisArgument[]): Promise<unknown> {
    return this.cluster.sendCommand(name, false, args);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    destroy(this.cluster);
    if (this.#subscriber) destroy(this.#subscriber);
  }
}
