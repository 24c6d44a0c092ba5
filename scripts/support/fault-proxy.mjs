/** A TCP proxy that can be made to behave like a bad network; one direction or both, at any time. */
import { createConnection, createServer } from 'node:net';

const BANDWIDTH_TICK_MS = 20;

/**
 * @typedef {{ latencyMs?: number, jitterMs?: number, bytesPerSecond?: number, sliceBytes?: number, drops?: boolean,
 *   resetAfterBytes?: number }} Fault what happens to bytes of one direction: they come later, slower, in slices, never, or the
 *   connection is reset after so many.
 */
export class FaultProxy {
  #server;
  #pairs = new Set();
  #port;
  #faults = { up: {}, down: {} };
  #closed = false;
  #random;

  /** @param {number} target port of the loopback. @param {() => number} random for jitter. */
  static async start(target, random = Math.random) {
    const proxy = new FaultProxy(target, random);
    await proxy.#listen();
    return proxy;
  }

  constructor(target, random) {
    this.target = target;
    this.#random = random;
  }

  get port() {
    return this.#port;
  }

  get url() {
    return `redis://127.0.0.1:${this.#port}`;
  }

  /** Connections that are open now. */
  get connections() {
    return this.#pairs.size;
  }

  /** @param {Fault} up towards the server. @param {Fault} down towards the client. */
  fault(up, down = up) {
    this.#faults = { up, down };
  }

  /** Whatever goes in on either side is swallowed; connections are accepted and stay open. */
  blackhole() {
    this.fault({ drops: true });
  }

  /** Bytes go through again. What was swallowed does not come back, so connections that it hit are of no use. */
  heal() {
    this.fault({}, {});
  }

  /** Resets all connections. */
  cut() {
    for (const { client, server } of this.#pairs) {
      client.resetAndDestroy();
      server.destroy();
    }
    this.#pairs.clear();
  }

  /** Resets all connections and refuses new ones, until {@link up}. */
  async down() {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async up() {
    await this.#listen(this.#port);
  }

  async close() {
    this.#closed = true;
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #listen(port = 0) {
    return new Promise((resolve, reject) => {
      this.#server = createServer((client) => this.#accept(client));
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#port = this.#server.address().port;
        resolve();
      });
    });
  }

  #accept(client) {
    const server = createConnection(this.target, '127.0.0.1');
    const pair = { client, server };
    this.#pairs.add(pair);
    const end = () => {
      client.destroy();
      server.destroy();
      this.#pairs.delete(pair);
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', end);
      socket.on('close', end);
    }
    this.#carry(client, server, 'up', pair);
    this.#carry(server, client, 'down', pair);
  }

  /** Bytes keep their order whatever happens to them. */
  #carry(from, to, direction, pair) {
    let last = Promise.resolve();
    let carried = 0;
    from.on('data', (chunk) => {
      const fault = this.#faults[direction];
      if (fault.drops) return;
      if (Object.keys(fault).length === 0) {
        // Nothing is behind that would be overtaken.
        last = last.then(() => void (to.writable && to.write(chunk)));
        return;
      }
      const dueAt = Date.now() + (fault.latencyMs ?? 0) + (fault.jitterMs ?? 0) * this.#random();
      last = last.then(async () => {
        const wait = dueAt - Date.now();
        if (wait > 0) await sleep(wait);
        for (const part of parts(chunk, fault)) {
          if (this.#closed || !to.writable) return;
          if (carried + part.byteLength > (fault.resetAfterBytes ?? Infinity)) {
            to.write(part.subarray(0, Math.ceil(part.byteLength / 2)));
            await sleep(1);
            pair.client.resetAndDestroy();
            return;
          }
          carried += part.byteLength;
          to.write(part);
          if (fault.bytesPerSecond) await sleep(BANDWIDTH_TICK_MS);
          else if (fault.sliceBytes) await new Promise((resolve) => setImmediate(resolve));
        }
      });
    });
  }
}

function* parts(chunk, { bytesPerSecond, sliceBytes }) {
  const size =
    sliceBytes ??
    (bytesPerSecond ? Math.max(1, Math.round((bytesPerSecond * BANDWIDTH_TICK_MS) / 1000)) : chunk.byteLength);
  for (let at = 0; at < chunk.byteLength; at += size) yield chunk.subarray(at, at + size);
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
