import { createClient, createCluster } from 'redis';
import { RedisServer } from '../../../../scripts/support/redis-server.mjs';
import { startCluster, startSentinel } from '../../../../scripts/support/redis-topologies.mjs';
import { EnhancedCache } from '../../src/engine/enhanced-cache.js';
import { redisTier } from '../../src/redis/redis-tier-factory.js';
import type { RedisTierOptions } from '../../src/redis/redis-tier-options.js';
import { away, joined, until } from './redis-world.js';

const PATIENT = { keyPrefix: 'app', deadline: '5s', heartbeat: '1s' } as const;
/** So many that each of three nodes has some. */
const KEYS = Array.from({ length: 30 }, (_, i) => `key-${i}`);

async function instances(count: number, options: RedisTierOptions): Promise<EnhancedCache[]> {
  const caches = Array.from(
    { length: count },
    () => new EnhancedCache({ memoryPressure: false, tier: redisTier({ ...PATIENT, ...options }) }),
  );
  for (const cache of caches) await joined(cache);
  return caches;
}

/** What one changes, the other drops, whatever node it is on. */
async function expectCoherence([a, b]: EnhancedCache[]): Promise<void> {
  const isIn = (cache: EnhancedCache, value: unknown) => until(() => KEYS.every((key) => cache.getSync(key) === value));
  for (const key of KEYS) await a.set(key, 1, { tags: [`tag of ${key}`, 'all'] });
  await until(async () => {
    for (const key of KEYS) await b.get(key);
    return KEYS.every((key) => b.getSync(key) === 1);
  });
  for (const key of KEYS) await a.set(key, 2, { tags: [`tag of ${key}`, 'all'] });
  await until(async () => (await Promise.all(KEYS.map((key) => b.get(key)))).every((value) => value === 2));
  await isIn(b, 2);
  await b.mdelete(KEYS.slice(0, 10));
  await b.deleteByTags(KEYS.slice(10, 20).map((key) => `tag of ${key}`));
  await until(() => KEYS.slice(0, 20).every((key) => a.getSync(key) === undefined));
  expect(await Promise.all(KEYS.slice(0, 20).map((key) => a.get(key)))).toEqual(KEYS.slice(0, 20).map(() => undefined));
  await a.deleteByTags(['all']);
  await isIn(b, undefined);
  let loads = 0;
  const load = () => ++loads;
  const asked = [a, b].flatMap((cache) => KEYS.map((key) => cache.getOrSet(key, load, { tags: ['again'] })));
  await Promise.all(asked);
  expect(loads).toBe(KEYS.length);
  await b.clear();
  await until(() => KEYS.every((key) => a.getSync(key) === undefined));
  expect((await a.mget(KEYS)).size).toBe(0);
}

describe('a cluster of three masters', () => {
  let nodes: RedisServer[];
  beforeAll(async () => {
    nodes = await startCluster(3);
  }, 30_000);
  afterAll(() => Promise.all(nodes.map((node) => node.close())));

  it('is as coherent as one server', async () => {
    const caches = await instances(2, { cluster: { nodes: [nodes[1].url] } });
    await expectCoherence(caches);
    for (const node of nodes) expect(await node.command('DBSIZE')).not.toBe(':0');
    // Its own changes are not told it as those of others.
    const heard: unknown[] = [];
    caches[0].on('invalidate', (event) => event.remote && heard.push(event));
    for (const key of KEYS) await caches[0].set(key, 1);
    await Promise.all(KEYS.map((key) => caches[0].getOrSet(`${key} loaded`, () => key)));
    await caches[0].mget(KEYS.map((key) => `${key} absent`));
    expect(heard).toEqual([]);
    expect(KEYS.every((key) => caches[0].getSync(key) === 1 && caches[0].getSync(`${key} loaded`) === key)).toBe(true);
    await nodes[0].command('FLUSHALL');
    await Promise.all(caches.map((cache) => cache.close()));
  });

  it('is reached by a duplicate of a client of the app', async () => {
    const client = createCluster({ rootNodes: [{ url: nodes[0].url }] });
    const caches = await instances(2, { client });
    await caches[0].set('k', 1);
    await until(async () => (await caches[1].get('k')) === 1);
    await Promise.all(caches.map((cache) => cache.close()));
    client.destroy();
  });

  it('is distrusted when a node is lost, and joined again when that is back', async () => {
    const caches = await instances(2, { cluster: { nodes: nodes.map(({ url }) => url) } });
    for (const key of KEYS) await caches[0].set(key, 1);
    await nodes[2].kill();
    await Promise.all(caches.map((cache) => away(cache)));
    expect(KEYS.some((key) => caches[0].getSync(key) !== undefined)).toBe(false);
    expect(await caches[0].getOrSet('key-1', () => 2)).toBe(2);
    await nodes[2].launch();
    for (const node of nodes) {
      await until(async () => (await node.command('CLUSTER', 'INFO')).includes('cluster_state:ok'), 15_000);
    }
    // The nodes go on telling each other of their state for a while, and with each change it is joined anew.
    const isSettled = ({ state, stateSeconds }: { state: string; stateSeconds: number }) =>
      state === 'joined' && stateSeconds > 1;
    await until(() => caches.every((cache) => isSettled(cache.getStats().tier!)), 15_000);
    await expectCoherence(caches);
    await Promise.all(caches.map((cache) => cache.close()));
  }, 40_000);
});

describe('a master behind Sentinel', () => {
  it('is followed to where it fails over', async () => {
    const { master, replica, sentinel } = await startSentinel('main');
    const sentinels = [
      { host: '127.0.0.1', port: master.port + 1 },
      { host: '127.0.0.1', port: sentinel.port },
    ];
    const caches = await instances(2, { sentinel: { name: 'main', sentinels } });
    await expectCoherence(caches);
    await caches[0].set('k', 'before');
    await master.kill();
    await Promise.all(caches.map((cache) => away(cache)));
    expect(caches.map((cache) => cache.getSync('k'))).toEqual([undefined, undefined]);
    // Nobody can be told now; it is kept.
    await caches[1].delete('k');
    expect(caches[1].getStats().tier?.pendingInvalidations).toBe(1);
    await Promise.all(caches.map((cache) => joined(cache, 20_000)));
    expect(await caches[0].get('k')).toBeUndefined();
    await expectCoherence(caches);
    expect(await replica.command('ROLE')).toContain('master');
    await Promise.all(caches.map((cache) => cache.close()));
    await Promise.all([master, replica, sentinel].map((server) => server.close()));
  }, 60_000);
});

describe('a server that a client of the app is for', () => {
  it('is reached by a duplicate, and the client is left alone', async () => {
    const server = await RedisServer.start();
    const client = createClient({ url: server.url });
    const [cache] = await instances(1, { client });
    await cache.set('k', 1);
    expect(client.isOpen).toBe(false);
    expect(await server.command('EXISTS', 'app|v|k')).toBe(':1');
    await cache.close();
    await server.close();
  });
});
