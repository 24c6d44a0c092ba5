import type { NodeRedisClient, NodeRedisModule } from './node-redis-types.js';
import type { LineListener, LineSubject, OpenLine, RedisLine } from './redis-line.js';

/** Makes the client of one attempt from the options that every attempt has. */
export type MakeClient = (
  redis: NodeRedisModule,
  options: Record<string, unknown>,
  signal: AbortSignal,
) => Promise<NodeRedisClient>;

/** Loads node-redis, which need not be installed where it is not used. */
export async function loadNodeRedis(): Promise<NodeRedisModule> {
  return (await import('redis' as string)) as NodeRedisModule;
}

/**
 * Options of every client of ours.
 *
 * It neither reconnects by itself nor keeps commands for later: a gap must not go unnoticed.
 */
export function lineOptions(redis: NodeRedisModule, subject: LineSubject, listener: LineListener) {
  class Tracking extends redis.BasicPooledClientSideCache {
    // In the handshake, so that there is no moment in which the connection is used and not tracked.
    override trackingOn(): string[] {
      return [
        'CLIENT',
        'TRACKING',
        'ON',
        'BCAST',
        'NOLOOP',
        ...subject.prefixes.flatMap((prefix) => ['PREFIX', prefix]),
      ];
    }

    override invalidate(key: Buffer | string | null): void {
      listener.changed(key === null ? null : key.toString());
    }
  }
  return {
    RESP: 3,
    clientSideCache: new Tracking(),
    commandOptions: { typeMapping: { [redis.RESP_TYPES.BLOB_STRING]: Buffer } },
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
  };
}

/** Opens lines to one server, whichever `make` finds. Replies, pushes and messages come on the same connection. */
export function openServer(make: MakeClient): OpenLine {
  return async (subject, listener, signal) => {
    const redis = await loadNodeRedis();
    const client = await make(redis, lineOptions(redis, subject, listener), signal);
    const line = new ServerLine(client);
    const giveUp = (): void => line.close();
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      client.on('error', (error) => line.lost(listener, error));
      client.on('end', () => line.lost(listener, new Error('the connection was closed')));
      signal.throwIfAborted();
      await client.connect();
      await client.subscribe(subject.channel, (message) => line.heard(listener, message));
      signal.throwIfAborted();
      return line;
    } catch (error) {
      line.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  };
}

class ServerLine implements RedisLine {
  readonly ordered = true;
  #closed = false;

  constructor(private readonly client: NodeRedisClient) {}

  send(_name: string | undefined, args: readonly (string | Buffer)[]): Promise<unknown> {
    return this.client.sendCommand(args);
  }

  heard(listener: LineListener, message: string): void {
    if (!this.#closed) listener.message(message);
  }

  lost(listener: LineListener, error: unknown): void {
    if (!this.#closed) listener.lost(error);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    destroy(this.client);
  }
}

/** Destroys a client in whatever state it is. */
export function destroy(client: { destroy(): void }): void {
  try {
    client.destroy();
  } catch (error) {
    // A client that never was open says so; there is nothing to destroy then.
    if (!(error instanceof Error)) throw error;
  }
}
