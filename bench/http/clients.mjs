import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { installWithApt } from '../../scripts/support/apt.mjs';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('./urls.lua', import.meta.url));

/**
 * Programs that ask a server for `urls` in turn, over and over, each `(target, {connections, seconds}) => answer` with requests a
 * second, their number, the 99th percentile of latency in milliseconds, and the number of those that failed.
 */
export const CLIENTS = { wrk: askByWrk, autocannon: askByAutocannon };

/**
 * wrk where it is installed, or can be with apt: it takes a fifth of the time of autocannon, which on two cores is slower than a
 * fast server and hides how fast it is.
 */
export function bestClient() {
  if (!hasWrk()) installWithApt('wrk');
  if (hasWrk()) return 'wrk';
  console.error('wrk is not installed: autocannon is used, which is slower than the faster ones of these servers');
  return 'autocannon';
}

function hasWrk() {
  return !spawnSync('wrk', ['-v']).error;
}

async function askByWrk({ urls, headers }, { connections, seconds }) {
  const asked = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const load = ['-t', '1', '-c', String(connections), '-d', `${Math.ceil(seconds)}s`, '-s', SCRIPT];
  const { stdout } = await run('wrk', [...load, ...asked, urls[0], '--', ...urls.map((url) => new URL(url).pathname)]);
  const { answered, micros, p99, failed } = JSON.parse(stdout.slice(stdout.lastIndexOf('{')));
  return { perSecond: (answered * 1e6) / micros, answered, p99Ms: p99 / 1000, failed };
}

async function askByAutocannon({ urls, headers }, { connections, seconds }) {
  const result = await autocannon({
    url: urls[0],
    requests: urls.map((url) => ({ path: new URL(url).pathname, headers })),
    connections,
    duration: seconds,
  });
  const { requests, duration, latency, errors, statusCodeStats } = result;
  const failed = Object.entries(statusCodeStats).reduce(
    (sum, [code, { count }]) => sum + (Number(code) >= 400 ? count : 0),
    errors,
  );
  return { perSecond: requests.total / duration, answered: requests.total, p99Ms: latency.p99, failed };
}
