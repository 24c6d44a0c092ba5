import type { NodeRedisModule } from './node-redis-types.js';
import { destroy } from './open-server.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks Sentinels, one after the other, where the master called `name` is.
 *
 * @param options of the connections to the Sentinels, as node-redis takes them.
 * @throws what the last one said, where none knows.
 */
export async function findMaster(
  redis: NodeRedisModule,
  sentinels: readonly Address[],
  name: string,
  options: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Address> {
  let reason: unknown = new Error('no Sentinel is known');
  for (const { host, port } of sentinels) {
    signal.throwIfAborted();
    const socket = { ...(options.socket as object | undefined), host, port, reconnectStrategy: false };
    const client = redis.createClient({
      ...options,
      socket,
      disableOfflineQueue: true,
      maintNotifications: 'disabled',
    });
    const giveUp = (): void => destroy(client);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      client.on('error', () => undefined);
      await client.connect();
      const answer = await client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name]);
      if (Array.isArray(answer)) return { host: String(answer[0]), port: Number(answer[1]) };
      reason = new Error(`the Sentinel at ${host}:${port} knows no master of that name`);
    } catch (error) {
      reason = error;
    } finally {
      signal.removeEventListener('abort', giveUp);
      destroy(client);
    }
  }
  throw reason;
}
