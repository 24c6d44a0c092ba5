/**
 * What it costs to answer from the cache, beside handlers that need none and the interceptor of @nestjs/cache-manager.
 *
 *     npm run bench:http [-- --json] [--quick] [--rounds 7] [--seconds 1] [--connections 32]
 *
 * Every server is a process of its own, all of them up at once; in every round each is asked for a while, in an order
 * drawn anew, by autocannon in this process. Of each the median over the rounds counts: requests a second, the 99th
 * percentile of latency, and the CPU time of the server for a request. Client and servers share the machine, with whatever
 * else runs on it, so where the machine is busy the ratio of CPU times, which stands beside that of requests a second, is
 * the one to believe.
 *
 * `--quick` leaves out what nothing is promised of, and takes one round.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { isJudged, judge } from './http/limits.mjs';
import { pathOf, SIZES } from './http/servers.mjs';
import { commandLine, integer } from './support/options.mjs';
import { median, shuffled } from './support/rounds.mjs';
import { grouped, table } from './support/table.mjs';

const SERVERS = fileURLToPath(new URL('./http/servers.mjs', import.meta.url));
const WARM_SECONDS = 1.5;
const QUICK_SECONDS = 0.6;

const { json, quick, rounds, seconds, connections } = commandLine('bench:http', {
  json: { type: 'boolean' },
  quick: { type: 'boolean' },
  rounds: { type: 'string', judge: integer(1, 1000) },
  seconds: { type: 'string', judge: integer(1, 600) },
  connections: { type: 'string', default: '32', judge: integer(1, 1000) },
});
const plan = { rounds: rounds ?? (quick ? 1 : 5), seconds: seconds ?? (quick ? QUICK_SECONDS : 1), connections };

const started = await startAll();
try {
  const contestants = contestantsOf(started).filter((each) => !quick || isJudged(each));
  for (const contestant of contestants) await warm(contestant);
  const rows = await measure(contestants);
  const limits = judge(rows);
  const report = { node: process.version, ...plan, rows, limits };
  if (json) console.log(JSON.stringify(report));
  else print(report);
} finally {
  for (const { child } of started.values()) child.disconnect();
}

async function startAll() {
  const kinds = ['cached', 'front', 'stock', 'object', 'string'];
  const names = [
    'node/raw',
    ...['express', 'fastify'].flatMap((platform) => kinds.map((kind) => `${platform}/${kind}`)),
  ];
  const servers = await Promise.all(names.map(start));
  return new Map(names.map((name, i) => [name, servers[i]]));
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
    const ask = (server, name, headers = {}) => ({ ...servers.get(server), server, size, name, headers });
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

function fire({ url, size, headers }, limit) {
  const opts = { url: `${url}/${pathOf(size)}`, headers, connections: plan.connections, ...limit };
  return new Promise((resolve, reject) =>
    autocannon(opts, (error, result) => (error ? reject(error) : resolve(result))),
  );
}

async function warm(contestant) {
  const result = await fire(contestant, { duration: WARM_SECONDS });
  const expected = contestant.name === '304' ? 304 : 200;
  const codes = Object.keys(result.statusCodeStats);
  // Compressed forms come behind the first request that wants them, hits after the first miss.
  if (codes.some((code) => ![expected, 200].includes(Number(code)))) {
    throw new Error(`${contestant.server} answered ${codes.join(', ')}`);
  }
}

async function measure(contestants) {
  const samples = new Map(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < plan.rounds; round++) {
    for (const contestant of shuffled(contestants)) samples.get(contestant).push(await sample(contestant));
  }
  return contestants.map((contestant) => {
    const { server, size, name } = contestant;
    const of = (field) => median(samples.get(contestant).map((each) => each[field]));
    const [perSecond, p99Ms, cpuUs] = [of('perSecond'), of('p99Ms'), of('cpuUs')];
    return { platform: server.split('/')[0], size, name, perSecond, p99Ms, cpuUs };
  });
}

async function sample(contestant) {
  const before = await cpuUs(contestant.child);
  const result = await fire(contestant, { duration: plan.seconds });
  const spent = (await cpuUs(contestant.child)) - before;
  const answered = result.requests.total;
  if (result.errors > 0 || result.non2xx > (contestant.name === '304' ? answered : 0)) {
    throw new Error(`${contestant.server} (${contestant.name}): ${result.errors} errors, ${result.non2xx} bad answers`);
  }
  return { perSecond: answered / result.duration, p99Ms: result.latency.p99, cpuUs: spent / answered };
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
