/** A Redis Cluster and a master watched by a Sentinel, of servers that are started here. */
import { RedisServer } from './redis-server.mjs';

const SLOTS = 16_384;
const READY_DEADLINE_MS = 15_000;

/** @returns {Promise<RedisServer[]>} the masters of a cluster that takes commands; each has as good as the same number of slots. */
export async function startCluster(masters = 3) {
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000', '--cluster-config-file', 'nodes.conf'];
  const nodes = [];
  for (let i = 0; i < masters; i++) nodes.push(await RedisServer.start({ args }));
  await Promise.all(
    nodes.map(async (node, i) => {
      const from = Math.ceil((i * SLOTS) / masters);
      const to = Math.ceil(((i + 1) * SLOTS) / masters) - 1;
      await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
      await node.command('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    }),
  );
  for (const node of nodes.slice(1)) await nodes[0].command('CLUSTER', 'MEET', '127.0.0.1', String(node.port));
  for (const node of nodes) {
    await ready(async () => {
      const info = await node.command('CLUSTER', 'INFO');
      return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${masters}`);
    });
  }
  return nodes;
}

/** @returns {Promise<{ master: RedisServer, replica: RedisServer, sentinel: RedisServer }>} */
export async function startSentinel(name, downAfterMs = 500) {
  const master = await RedisServer.start();
  const replica = await RedisServer.start({ args: ['--replicaof', '127.0.0.1', String(master.port)] });
  await ready(async () => (await master.command('INFO', 'replication')).includes('state=online'));
  const sentinel = await RedisServer.start({
    sentinel: [
      `sentinel monitor ${name} 127.0.0.1 ${master.port} 1`,
      `sentinel down-after-milliseconds ${name} ${downAfterMs}`,
      `sentinel failover-timeout ${name} 5000`,
    ],
  });
  await ready(async () => (await sentinel.command('SENTINEL', 'MASTER', name)).includes('num-slaves\r\n$1\r\n1'));
  return { master, replica, sentinel };
}

async function ready(isSo) {
  const startedAt = Date.now();
  while (!(await isSo())) {
    if (Date.now() - startedAt > READY_DEADLINE_MS) throw new Error('the servers do not get ready');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
