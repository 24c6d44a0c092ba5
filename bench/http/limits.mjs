/** What is promised: ratios of requests a second. */
const RATES = [
  ['HIT to a handler that returns an object', 'fastify', '2 KB', 'HIT', 'no cache, object', 1.2],
  ['HIT to a handler that returns an object', 'express', '2 KB', 'HIT', 'no cache, object', 1],
  ['HIT to a handler that returns an object', 'fastify', '50 KB', 'HIT', 'no cache, object', 3],
  ['HIT to CacheInterceptor', 'fastify', '2 KB', 'HIT', 'CacheInterceptor', 1.6],
  ['HIT in front to CacheInterceptor', 'express', '2 KB', 'HIT in front', 'CacheInterceptor', 4],
  ['HIT in front to CacheInterceptor', 'fastify', '2 KB', 'HIT in front', 'CacheInterceptor', 2.5],
];
/** And of 99th percentiles of latency. */
const LATENCIES = [
  ['p99 of HIT to that of a handler that returns an object', 'express', '2 KB', 'HIT', 'no cache, object', 1],
  ['p99 of HIT to that of a handler that returns an object', 'fastify', '2 KB', 'HIT', 'no cache, object', 1],
];

/** Whether something is promised of what `server` answers under this name. */
export function isJudged({ server, size, name }) {
  const platform = server.split('/')[0];
  return [...RATES, ...LATENCIES].some(
    ([, on, of, ours, theirs]) => on === platform && of === size && [ours, theirs].includes(name),
  );
}

export function judge(rows) {
  const find = (platform, size, name) =>
    rows.find((row) => row.platform === platform && row.size === size && row.name === name);
  const pairOf = ([, platform, size, ours, theirs]) => [ours, theirs].map((name) => find(platform, size, name));
  const rates = RATES.map((promise) => {
    const [ours, theirs] = pairOf(promise);
    const limit = promise.at(-1);
    const measured = ours.perSecond / theirs.perSecond;
    const byCpu = theirs.cpuUs / ours.cpuUs;
    return { name: nameOf(promise), limit: `>= ${limit}`, measured, byCpu, met: measured >= limit };
  });
  const latencies = LATENCIES.map((promise) => {
    const [ours, theirs] = pairOf(promise);
    const limit = promise.at(-1);
    const measured = ours.p99Ms / theirs.p99Ms;
    return { name: nameOf(promise), limit: `<= ${limit}`, measured, met: measured <= limit };
  });
  return [...rates, ...latencies];
}

function nameOf([what, platform, size]) {
  return `${what}, ${platform}, ${size}`;
}
