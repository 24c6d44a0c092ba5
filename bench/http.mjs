/**
 * What it costs to answer from the cache, beside handlers that need none and the interceptor of @nestjs/cache-manager.
 *
 *     npm run bench:http [-- --json] [--quick] [--rounds 9] [--seconds 2] [--connections 64] [--processes 3]
 *                            [--client wrk|autocannon]
 *
 * Every server has processes of its own, all of them up at once, which take turns: two of one program may differ by a sixth
 * for as long as they live. In every round each is asked for a hundred URLs in turn for a while, in an order drawn anew, by
 * wrk, which is installed with apt where that may be, or else by autocannon in this process. Of each the median over the
 * rounds counts: requests a second, the 99th percentile of latency, and the CPU time of the server for a request. Client and
 * servers share the machine, with whatever else runs on it, so where the machine is busy the ratio of CPU times, which stands
 * beside that of requests a second, is the one to believe.
 *
 * `--quick` leaves out what nothing is promised of, and takes one round.
 */
import { fork } from 'node:child_process';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { bestClient, CLIENTS } from './http/clients.mjs';
import { isJudged, judge } from './http/limits.mjs';
import { BODIES, pathOf, SIZES } from './http/servers.mjs';
import { commandLine, integer, oneOf } from './support/options.mjs';
import { median, shuffled } from './support/rounds.mjs';
import { grouped, table } from './support/table.mjs';

const SERVERS = fileURLToPath(new URL('./http/servers.mjs', import.meta.url));
const WARM_SECONDS = 1.5;
const ASKED_BEFORE = 3;

const { json, quick, rounds, seconds, connections, client, processes } = commandLine('bench:http', {
  json: { type: 'boolean' },
  quick: { type: 'boolean' },
  rounds: { type: 'string', judge: integer(1, 1000) },
  seconds: { type: 'string', judge: integer(1, 600) },
  connections: { type: 'string', default: '64', judge: integer(1, 1000) },
  processes: { type: 'string', judge: integer(1, 9) },
  client: { type: 'string', judge: oneOf(Object.keys(CLIENTS)) },
});
const plan = {
  rounds: rounds ?? (quick ? 1 : 9),
  seconds: seconds ?? (quick ? 1 : 2),
  processes: processes ?? (quick ? 1 : 3),
  connections,
  client: client ?? bestClient(),
};

const started = await startAll();
try {
  const contestants = contestantsOf(started).filter((each) => !quick || isJudged(each));
  for (const copy of contestants.flatMap(({ copies }) => copies)) await warm(copy);
  const rows = await measure(contestants);
  const limits = judge(rows);
  const report = { node: process.version, ...plan, rows, limits };
  if (json) console.log(JSON.stringify(report));
  else print(report);
} finally {
  for (const { child } of [...started.values()].flat()) child.disconnect();
}

async function startAll() {
  const kinds = ['cached', 'front', 'stock', 'object', 'string'];
  const names = [
    'node/raw',
    ...['express', 'fastify'].flatMap((platform) => kinds.map((kind) => `${platform}/${kind}`)),
  ];
  const started = new Map();
  for (const name of names) {
    started.set(name, await Promise.all(Array.from({ length: plan.processes }, () => start(name))));
  }
  return started;
}

function start(name) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_ENV: 'production' };
    const child = fork(SERVERS, [name], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('error', reject).once('message', ({ url }) => resolve({ child, url }));
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
  });
}

/** Every row of the table: which server is asked for which body, with which headers. */
function contestantsOf(servers) {
  return Object.keys(SIZES).flatMap((size) => {
    const ask = (server, name, headers = {}) => {
      const copies = servers.get(server).map(({ child, url }) => {
        const urls = Array.from({ length: BODIES }, (_, i) => `${url}/${pathOf(size)}/${i}`);
        return { child, urls, server, size, name, headers };
      });
      return { copies, server, size, name };
    };
    const nests = ['express', 'fastify'].flatMap((platform) => [
      ask(`${platform}/cached`, 'HIT'),
      ask(`${platform}/cached`, '304', { 'if-none-match': '*' }),
      ask(`${platform}/cached`, 'HIT, gzip', { 'accept-encoding': 'gzip' }),
      ask(`${platform}/front`, 'HIT in front'),
      ask(`${platform}/stock`, 'CacheInterceptor'),
      ask(`${platform}/object`, 'no cache, object'),
      ask(`${platform}/string`, 'no cache, text'),
    ]);
    return [ask('node/raw', 'node:http'), ...nests];
  });
}

function load({ urls, headers }, seconds) {
  return CLIENTS[plan.client]({ urls, headers }, { connections, seconds });
}

async function warm(copy) {
  await assertRightAnswers(copy);
  await load(copy, WARM_SECONDS);
}

/** Hits come behind the first miss, compressed forms behind the first request that wants them. */
async function assertRightAnswers({ server, name, urls, headers }) {
  for (const url of urls) for (let i = 0; i < ASKED_BEFORE; i++) await headOf(url, headers);
  const isCached = ['cached', 'front', 'stock'].includes(server.split('/')[1]);
  const expected = [
    name === '304' ? 304 : 200,
    isCached ? 'HIT' : undefined,
    name.includes('gzip') ? 'gzip' : undefined,
  ].join();
  for (const url of urls) {
    const { statusCode: status, headers: said } = await headOf(url, headers);
    const found = [status, said['x-cache'], said['content-encoding']].join();
    if (found !== expected) throw new Error(`${url} of ${server} (${name}) answered ${found}, not ${expected}`);
  }
}

/** By `fetch()` it would be another request: that adds headers of its own. */
function headOf(url, headers) {
  return new Promise((resolve, reject) => {
    const asked = get(url, { headers }, (answer) => answer.resume().once('end', () => resolve(answer)));
    asked.once('error', reject);
  });
}

async function measure(contestants) {
  const samples = new Map(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const contestant of shuffled(contestants)) {
      const { copies } = contestant;
      samples.get(contestant).push(await sample(copies[round % copies.length]));
    }
  }
  return contestants.map((contestant) => {
    const { server, size, name } = contestant;
    const of = (field) => median(samples.get(contestant).map((each) => each[field]));
    const [perSecond, p99Ms, cpuUs] = [of('perSecond'), of('p99Ms'), of('cpuUs')];
    return { platform: server.split('/')[0], size, name, perSecond, p99Ms, cpuUs };
  });
}

async function sample(copy) {
  const before = await cpuUs(copy.child);
  const { perSecond, answered, p99Ms, failed } = await load(copy, plan.seconds);
  const spent = (await cpuUs(copy.child)) - before;
  if (failed > 0) throw new Error(`${copy.server} (${copy.name}): ${failed} requests failed`);
  return { perSecond, p99Ms, cpuUs: spent / answered };
}

function cpuUs(child) {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message.cpuUs));
    child.send({});
  });
}

function print({ rows, limits }) {
  for (const size of Object.keys(SIZES)) {
    const cells = rows
      .filter((row) => row.size === size)
      .map((row) => [
        row.platform === 'node' ? row.name : `${row.platform}: ${row.name}`,
        grouped(row.perSecond),
        row.cpuUs.toFixed(1),
        row.p99Ms.toFixed(1),
      ]);
    console.log(`\n${table([size, 'requests/s', 'server CPU us', 'p99 ms'], cells)}`);
  }
  const verdicts = limits.map(({ name, limit, measured, byCpu, met }) => {
    return [name, limit, measured.toFixed(2), byCpu?.toFixed(2) ?? '', met ? 'yes' : 'NO'];
  });
  console.log(`\n${table(['to be shown', 'limit', 'measured', 'by CPU', 'met'], verdicts)}`);
}
