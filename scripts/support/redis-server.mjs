/** Real redis-servers for tests, benchmarks and demos: on free loopback ports, in folders of their own, ended by their pid. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_DEADLINE_MS = 10_000;
const LOOK_AGAIN_MS = 10;
/** A cluster node talks to the others on its port and so much above it. */
const CLUSTER_BUS_OFFSET = 10_000;

/** The redis-server to use: `REDIS_SERVER` in the environment, or that on PATH; `undefined` where there is none. */
export function findRedis() {
  const command = process.env.REDIS_SERVER || 'redis-server';
  return spawnSync(command, ['--version']).status === 0 ? command : undefined;
}

/** {@link findRedis}, or a failure that says what to do. */
export function requireRedis() {
  const command = findRedis();
  if (command) return command;
  throw new Error('redis-server is needed here: `node scripts/ensure-redis.mjs`, or its path in REDIS_SERVER');
}

/** A port of the loopback that is free now. */
export function freePort(below = 65_536) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => (port < below ? resolve(port) : freePort(below).then(resolve, reject)));
    });
  });
}

/** Servers that run now: none outlives the process that started it. */
const running = new Set();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class RedisServer {
  /** @param {{ port?: number, args?: string[], sentinel?: string[] }} options further arguments; the lines that make it a Sentinel. */
  static async start({ port, args = [], sentinel } = {}) {
    const server = new RedisServer(port ?? (await freePort(65_536 - CLUSTER_BUS_OFFSET)), args, sentinel);
    await server.launch();
    return server;
  }

  #child;
  #folder = mkdtempSync(join(tmpdir(), 'redis-'));

  constructor(port, args, sentinel) {
    this.port = port;
    this.args = args;
    this.sentinel = sentinel;
    this.url = `redis://127.0.0.1:${port}`;
  }

  get folder() {
    return this.#folder;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Starts it, empty, and waits until it answers. */
  async launch() {
    const child = spawn(requireRedis(), this.#arguments(), { stdio: 'ignore', cwd: this.#folder });
    this.#child = child;
    running.add(child);
    child.exited = new Promise((resolve) => child.once('exit', resolve)).finally(() => running.delete(child));
    const startedAt = Date.now();
    while (!(await answers(this.port))) {
      if (child.exitCode !== null || Date.now() - startedAt > START_DEADLINE_MS) {
        throw new Error(`redis-server does not answer on port ${this.port}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }

  /** As a crash would: nothing is said to anybody. */
  async kill() {
    if (!this.#child || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await this.#child.exited;
  }

  /** Stops its process where it stands; connections stay open and nothing answers. */
  pause() {
    this.#child.kill('SIGSTOP');
  }

  resume() {
    this.#child.kill('SIGCONT');
  }

  async close() {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Sends one command over a connection of its own and gives the reply as text. */
  command(...words) {
    return command(this.port, words);
  }

  #arguments() {
    if (this.sentinel) {
      const file = join(this.#folder, 'sentinel.conf');
      writeFileSync(
        file,
        [`port ${this.port}`, 'bind 127.0.0.1', `dir ${this.#folder}`, ...this.sentinel, ''].join('\n'),
      );
      return [file, '--sentinel'];
    }
    return ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--dir', this.#folder, ...this.args];
  }
}

/** @returns {Promise<string>} the reply as it came, in RESP2, without the last line end. */
export function command(port, words) {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1');
    let reply = '';
    const end = () => {
      socket.destroy();
      resolve(reply.trimEnd());
    };
    socket.setEncoding('latin1');
    socket.once('error', reject);
    socket.once('close', end);
    socket.on('data', (text) => {
      reply += text;
      if (replyEnd(reply, 0) !== undefined) end();
    });
    const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('');
    socket.write(`*${words.length}\r\n${parts}`);
  }).then((reply) => Buffer.from(reply, 'latin1').toString('utf8'));
}

/** Where the reply that begins at `at` ends; `undefined` where it is not all there. One byte is one character. */
function replyEnd(text, at) {
  const lineEnd = text.indexOf('\r\n', at);
  if (lineEnd === -1) return undefined;
  const count = Number(text.slice(at + 1, lineEnd));
  let end = lineEnd + 2;
  if (text[at] === '$') return count < 0 ? end : end + count + 2 <= text.length ? end + count + 2 : undefined;
  for (let left = text[at] === '*' ? count : 0; left > 0 && end !== undefined; left--) end = replyEnd(text, end);
  return end;
}

async function answers(port) {
  try {
    return (await command(port, ['PING'])).includes('PONG');
  } catch {
    return false;
  }
}
