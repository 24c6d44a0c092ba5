import { mkdirSync, rmSync } from 'node:fs';
import { DEADLINE_MS, type Instance, LEASE_MS, RedisWorld, sleep, until } from './redis-world.js';

/**
 * What may happen to Redis or on the way to it (those of the table in docs/adr/0010-redis-tier.md that are states), each met by
 * reads, writes and invalidations of an instance that suffers it and of one that may not.
 */
interface Fault {
  readonly cell: string;
  inject(world: RedisWorld, victim: Instance): unknown;
  heal?(world: RedisWorld, victim: Instance): unknown;
}

const KEYS = Array.from({ length: 12 }, (_, i) => `key-${i}`);
const FAULT_MS = 1200;
/**
 * A call waits for Redis until the deadline, and for the load of another process until the end of its lease, which a fault may
 * keep from being given back. The rest is what a busy machine may add. No call waits for the fault to end.
 */
const LONGEST_MS = DEADLINE_MS + LEASE_MS + 600;

const heals = (_world: RedisWorld, { proxy }: Instance): void => proxy.heal();
/** Fills Redis with what is none of ours, to the brim. */
async function fill({ server }: RedisWorld, policy: string): Promise<void> {
  await server.command('CONFIG', 'SET', 'maxmemory-policy', policy);
  await server.command('CONFIG', 'SET', 'maxmemory', '4mb');
  for (let i = 0; i < 40; i++) await server.command('SET', `filler-${i}`, 'x'.repeat(100_000));
}
const unfill = async ({ server }: RedisWorld): Promise<void> => {
  await server.command('CONFIG', 'SET', 'maxmemory', '0');
  await server.command('DEL', ...Array.from({ length: 40 }, (_, i) => `filler-${i}`));
};

const FAULTS: readonly Fault[] = [
  {
    cell: 'B2 kill -9, empty afterwards',
    inject: ({ server }) => server.kill(),
    heal: ({ server }) => server.launch(),
  },
  {
    cell: 'B3 a second of latency, give or take a half',
    inject: (_world, { proxy }) => proxy.fault({ latencyMs: 500, jitterMs: 1000 }),
    heal: heals,
  },
  { cell: 'B4 a black hole', inject: (_world, { proxy }) => proxy.blackhole(), heal: heals },
  { cell: 'B5 a kilobyte a second', inject: (_world, { proxy }) => proxy.fault({ bytesPerSecond: 1000 }), heal: heals },
  {
    cell: 'B6 a reset in the middle of replies',
    inject: (_world, { proxy }) => proxy.fault({}, { resetAfterBytes: 700 }),
    heal: heals,
  },
  { cell: 'B7 a byte at a time', inject: (_world, { proxy }) => proxy.fault({ sliceBytes: 1 }), heal: heals },
  { cell: 'B8 one way only', inject: (_world, { proxy }) => proxy.fault({}, { drops: true }), heal: heals },
  { cell: 'B8 the other way only', inject: (_world, { proxy }) => proxy.fault({ drops: true }, {}), heal: heals },
  {
    cell: 'B9 a process that stands still',
    inject: ({ server }) => server.pause(),
    heal: ({ server }) => server.resume(),
  },
  {
    cell: 'B9 connections killed by the server',
    inject: ({ server }) => server.command('CLIENT', 'KILL', 'TYPE', 'normal'),
  },
  {
    cell: 'B9 subscribers killed by the server',
    inject: ({ server }) => server.command('CLIENT', 'KILL', 'TYPE', 'pubsub'),
  },
  { cell: 'B9 all calls held up', inject: ({ server }) => server.command('CLIENT', 'PAUSE', String(FAULT_MS), 'ALL') },
  { cell: 'B9 writes held up', inject: ({ server }) => server.command('CLIENT', 'PAUSE', String(FAULT_MS), 'WRITE') },
  {
    cell: 'B10 connections refused',
    inject: (_world, { proxy }) => proxy.down(),
    heal: (_world, { proxy }) => proxy.up(),
  },
  { cell: 'B11 FLUSHALL', inject: ({ server }) => server.command('FLUSHALL') },
  { cell: 'B11 the state is lost', inject: ({ server }) => server.command('DEL', 'world|s') },
  {
    cell: 'B12 generations and state evicted, again and again',
    inject: (world) => fill(world, 'allkeys-random'),
    heal: unfill,
  },
  { cell: 'B12 evicted by age', inject: (world) => fill(world, 'allkeys-lru'), heal: unfill },
  { cell: 'B12 evicted by lifetime', inject: (world) => fill(world, 'volatile-ttl'), heal: unfill },
  { cell: 'B13 out of memory', inject: (world) => fill(world, 'noeviction'), heal: unfill },
  {
    cell: 'B14 READONLY',
    inject: ({ server }) => server.command('REPLICAOF', '127.0.0.1', '1'),
    heal: ({ server }) => server.command('REPLICAOF', 'NO', 'ONE'),
  },
  {
    cell: 'B14 NOAUTH',
    inject: async ({ server }) => {
      await server.command('CONFIG', 'SET', 'requirepass', 'secret');
      await killAll(server.port);
    },
    heal: async ({ server }) => {
      await authenticated(server.port, 'CONFIG', 'SET', 'requirepass', '');
    },
  },
  {
    cell: 'B14 LOADING',
    inject: async ({ server }) => {
      // Some two seconds of loading, during which it looks for commands after every few keys.
      await server.command('DEBUG', 'POPULATE', '1000', 'filler', '100');
      await server.command('CONFIG', 'SET', 'loading-process-events-interval-bytes', '1024');
      await server.command('CONFIG', 'SET', 'key-load-delay', '2000');
      void server.command('DEBUG', 'RELOAD');
      await until(async () => (await server.command('GET', 'filler')).startsWith('-LOADING'));
    },
    heal: async ({ server }) => {
      expect(await server.command('GET', 'filler')).toMatch(/^-LOADING/);
      await server.command('CONFIG', 'SET', 'key-load-delay', '0');
      await until(async () => !(await server.command('GET', 'filler')).startsWith('-LOADING'));
    },
  },
  {
    cell: 'B14 MASTERDOWN',
    inject: async ({ server }) => {
      await server.command('CONFIG', 'SET', 'replica-serve-stale-data', 'no');
      await server.command('REPLICAOF', '127.0.0.1', '1');
    },
    heal: async ({ server }) => {
      expect(await server.command('GET', 'filler')).toMatch(/^-MASTERDOWN/);
      await server.command('REPLICAOF', 'NO', 'ONE');
    },
  },
  {
    cell: 'B14 NOPERM for SET',
    inject: ({ server }) => server.command('ACL', 'SETUSER', 'default', '-set'),
    heal: ({ server }) => server.command('ACL', 'SETUSER', 'default', '+set'),
  },
  {
    cell: 'B14 NOPERM for UNLINK',
    inject: ({ server }) => server.command('ACL', 'SETUSER', 'default', '-unlink'),
    heal: ({ server }) => server.command('ACL', 'SETUSER', 'default', '+unlink'),
  },
  {
    cell: 'B14 NOPERM for scripts',
    inject: ({ server }) => server.command('ACL', 'SETUSER', 'default', '-eval', '-evalsha'),
    heal: ({ server }) => server.command('ACL', 'SETUSER', 'default', '+eval', '+evalsha'),
  },
  {
    cell: 'B14 MISCONF',
    inject: async ({ server }) => {
      await server.command('CONFIG', 'SET', 'save', '3600 1000000');
      rmSync(server.folder, { recursive: true });
      await server.command('BGSAVE');
    },
    heal: async ({ server }) => {
      mkdirSync(server.folder);
      await server.command('CONFIG', 'SET', 'save', '');
    },
  },
  {
    cell: 'B14 WRONGTYPE',
    inject: async ({ server }) => {
      for (const key of KEYS) await server.command('DEL', `world|v|${key}`);
      for (const key of KEYS) await server.command('HSET', `world|v|${key}`, 'a', '1');
    },
  },
  {
    cell: 'B14 BUSY',
    inject: async ({ server }) => {
      await server.command('CONFIG', 'SET', 'busy-reply-threshold', '20');
      void server.command('EVAL', 'while true do end', '0');
      await sleep(40);
    },
    heal: ({ server }) => server.command('SCRIPT', 'KILL'),
  },
  {
    cell: 'B15 SCRIPT FLUSH',
    inject: async ({ server }) => {
      for (let i = 0; i < 10; i++) {
        await server.command('SCRIPT', 'FLUSH');
        await sleep(FAULT_MS / 20);
      }
    },
  },
  {
    cell: 'B19 garbage on the channel',
    inject: async ({ server }) => {
      const texts = [
        '',
        'garbage',
        '[]',
        '["x"]',
        '["x","k"]',
        '["x","k",false,["__proto__"]]',
        '{"__proto__":1}',
        '9'.repeat(1_000_000),
      ];
      for (const text of texts) await server.command('PUBLISH', 'world|c', text);
      await server.command('PUBLISH', 'world|c', '["later version","zz",1]');
    },
  },
  {
    cell: 'B24 late replies',
    inject: (_world, { proxy }) => proxy.fault({}, { latencyMs: 300 }),
    heal: heals,
  },
];

/** Of a cluster of one node, which all instances talk to. */
const CLUSTER_FAULTS: readonly Fault[] = [
  {
    cell: "B14 CLUSTERDOWN, as a slot is nobody's",
    inject: async ({ server }) => {
      await server.command('CLUSTER', 'DELSLOTS', '0');
      await until(async () => (await server.command('GET', 'filler')).startsWith('-CLUSTERDOWN'));
    },
    heal: async ({ server }) => {
      expect(await server.command('GET', 'filler')).toMatch(/^-CLUSTERDOWN/);
      await server.command('CLUSTER', 'ADDSLOTS', '0');
    },
  },
];

describe('a fault of Redis', () => {
  let world: RedisWorld;

  beforeEach(async () => {
    world = await RedisWorld.start(2, {}, { args: ['--enable-debug-command', 'local'] });
  });
  afterEach(() => world.close());

  it.each(FAULTS)(
    '$cell: no caller sees an error or waits for long, and afterwards all agree with the source',
    (fault) => suffer(world, fault),
    20_000,
  );
});

describe('a fault of a cluster', () => {
  let world: RedisWorld;

  beforeEach(async () => {
    world = await RedisWorld.start(0, {}, { args: ['--cluster-enabled', 'yes'] });
    const { server } = world;
    await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await until(async () => (await server.command('CLUSTER', 'INFO')).includes('cluster_state:ok'));
    for (let i = 0; i < 2; i++) await world.join({ cluster: { nodes: [server.url] } });
  }, 20_000);
  afterEach(() => world.close());

  it.each(CLUSTER_FAULTS)(
    '$cell: no caller sees an error or waits for long, and afterwards all agree with the source',
    (fault) => suffer(world, fault),
    20_000,
  );
});

async function suffer(world: RedisWorld, { inject, heal }: Fault): Promise<void> {
  const [victim, other] = world.instances;
  for (const key of KEYS) {
    await world.write(other, key);
    await world.read(victim, key);
  }
  const calls = new Calls(world);
  const stop = calls.run([victim, other]);
  await sleep(50);
  await inject(world, victim);
  await sleep(FAULT_MS);
  await heal?.(world, victim);
  await stop();
  const tookMs = await world.converged(KEYS);
  expect(calls.errors).toEqual([]);
  for (const [verb, longestMs] of Object.entries(calls.longestMs))
    expect([verb, longestMs < LONGEST_MS]).toEqual([verb, true]);
  expect(Math.min(...Object.values(calls.counts))).toBeGreaterThan(5);
  if (process.env.REDIS_FAULTS === 'report') {
    process.stdout.write(
      `${JSON.stringify({ cell: expect.getState().currentTestName, ...calls, world: undefined, tookMs })}\n`,
    );
  }
}

/** Reads, writes and invalidations that run on and on, and how they went. */
class Calls {
  readonly errors: string[] = [];
  readonly counts = { read: 0, write: 0, invalidate: 0 };
  readonly longestMs = { read: 0, write: 0, invalidate: 0 };
  #running = true;

  constructor(private readonly world: RedisWorld) {}

  run(instances: readonly Instance[]): () => Promise<void> {
    const loops = instances.flatMap((instance) =>
      (['read', 'write', 'invalidate'] as const).map((verb) => this.#loop(verb, instance)),
    );
    return async () => {
      this.#running = false;
      await Promise.all(loops);
    };
  }

  async #loop(verb: 'read' | 'write' | 'invalidate', instance: Instance): Promise<void> {
    const at = this.world.instances.indexOf(instance);
    // No two loops change a key at the same time: a call would wait for its turn, and that is none of the cache's time.
    const keys = verb === 'read' ? KEYS : KEYS.filter((_, i) => i % 4 === 2 * at + (verb === 'write' ? 0 : 1));
    for (let i = 0; this.#running; i++) {
      const startedAt = performance.now();
      try {
        await this.world[verb](instance, keys[(i * 7) % keys.length]);
      } catch (error) {
        this.errors.push(`${verb}: ${String(error)}`);
      }
      this.counts[verb]++;
      this.longestMs[verb] = Math.max(this.longestMs[verb], performance.now() - startedAt);
      await sleep(3);
    }
  }
}

async function killAll(port: number): Promise<void> {
  await authenticated(port, 'CLIENT', 'KILL', 'TYPE', 'normal');
  await authenticated(port, 'CLIENT', 'KILL', 'TYPE', 'pubsub');
}

/** A command of somebody who knows the password. */
async function authenticated(port: number, ...words: string[]): Promise<void> {
  const { createClient } = await import('redis');
  const client = createClient({ url: `redis://:secret@127.0.0.1:${port}` });
  client.on('error', () => undefined);
  await client.connect();
  await client.sendCommand(words);
  client.destroy();
}
