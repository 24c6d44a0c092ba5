/**
 * What a `clear` under load does to a source that can only just be lived without, with and without a cap on loads.
 *
 * The source answers 50 queries at a time, 200 ms each; more wait in its queue. Requests come at three times that
 * rate, whatever becomes of them, and give up after a second; the source does not notice and answers them all the same.
 * A full cache keeps nearly all of them from it, until at 20 s everything is cleared. Goodput is requests answered in
 * time. It has to be back at 90 % of what it was within 10 s with `maxConcurrentLoads`, and, as the control, must not
 * come back without: then every answer comes too late for whoever asked, while the queue grows.
 *
 * Time is virtual and chance is seeded, so every run gives the same figures, in a few seconds.
 *
 *     npm run bench:overload [-- --json]
 */
import { EnhancedCache } from 'nestjs-enhanced-cache/core';
import { randomFrom } from './support/random.mjs';
import { SlowSource } from './support/slow-source.mjs';
import { table } from './support/table.mjs';
import { VirtualClock } from './support/virtual-clock.mjs';

const SLOTS = 50;
const LATENCY_MS = 200;
const CAPACITY_PER_SECOND = (SLOTS * 1000) / LATENCY_MS;
const REQUESTS_PER_SECOND = 3 * CAPACITY_PER_SECOND;
const PATIENCE_MS = 1000;
const KEYS = 2000;
const TTL_S = 60;
const CLEAR_AT_S = 20;
const END_S = 60;
const BACK_WITHIN_S = 10;
const BACK_SHARE = 0.9;
const CAP = { maxConcurrentLoads: SLOTS, maxQueuedLoads: SLOTS };

const withCap = await simulate(CAP);
const withoutCap = await simulate({});
const passed = withCap.backAfterS !== null && withCap.backAfterS <= BACK_WITHIN_S && withoutCap.backAfterS === null;
const report = {
  node: process.version,
  source: { slots: SLOTS, latencyMs: LATENCY_MS, capacityPerSecond: CAPACITY_PER_SECOND },
  load: { requestsPerSecond: REQUESTS_PER_SECOND, patienceMs: PATIENCE_MS, keys: KEYS, clearAtS: CLEAR_AT_S },
  target: { share: BACK_SHARE, withinS: BACK_WITHIN_S },
  withCap,
  withoutCap,
  passed,
};
if (process.argv.includes('--json')) console.log(JSON.stringify(report));
else print(report);
process.exitCode = passed ? 0 : 1;

async function simulate(cap) {
  const clock = new VirtualClock();
  const random = randomFrom(7);
  const source = new SlowSource(clock, SLOTS, LATENCY_MS);
  const cache = new EnhancedCache({
    clock,
    random,
    defaultTtl: TTL_S,
    maxSize: 2 * KEYS,
    enableAnalytics: false,
    loading: { ...cap, jitter: 0.5 },
  });
  for (let i = 0; i < KEYS; i++) await cache.getOrSet(`k${i}`, () => i);
  const seconds = Array.from({ length: END_S }, () => ({ goodput: 0, gaveUp: 0, turnedAway: 0, sourceQueue: 0 }));
  const request = () => {
    const second = seconds[Math.floor(clock.now() / 1000)];
    const patience = new AbortController();
    const timer = clock.schedule(() => patience.abort(), PATIENCE_MS);
    const key = `k${Math.floor(random() * KEYS)}`;
    cache
      .getOrSet(key, () => source.query(key), { signal: patience.signal })
      .then(
        () => second.goodput++,
        ({ code }) => (code === 'CACHE_BUSY' ? second.turnedAway++ : second.gaveUp++),
      )
      .finally(() => timer.cancel());
  };
  // One after the other, as a timer for each of the 45,000 would only be a list of them.
  const intervalMs = 1000 / REQUESTS_PER_SECOND;
  const arrive = (number) => {
    request();
    const next = (number + 1) * intervalMs;
    if (next < END_S * 1000) clock.schedule(() => arrive(number + 1), next - clock.now());
  };
  arrive(0);
  for (let s = 0; s < END_S; s++) {
    if (s === CLEAR_AT_S) await cache.clear();
    await clock.run((s + 1) * 1000 - intervalMs / 2);
    seconds[s].sourceQueue = source.queued;
  }
  await clock.run(END_S * 1000 + PATIENCE_MS);
  const before = mean(seconds.slice(CLEAR_AT_S - 10, CLEAR_AT_S).map(({ goodput }) => goodput));
  const back = seconds.findIndex(
    (_, s) => s >= CLEAR_AT_S && seconds.slice(s).every(({ goodput }) => goodput >= BACK_SHARE * before),
  );
  return {
    goodputBefore: before,
    // The end of the first second from which on goodput stays.
    backAfterS: back === -1 ? null : back + 1 - CLEAR_AT_S,
    mostQueriesAtATime: source.most,
    seconds,
  };
}

function print({ withCap: capped, withoutCap: open, passed: ok }) {
  console.log(
    `source: ${SLOTS} slots, ${LATENCY_MS} ms, ${CAPACITY_PER_SECOND}/s; load: ${REQUESTS_PER_SECOND} requests/s, ` +
      `${KEYS} keys; clear at ${CLEAR_AT_S} s\n`,
  );
  const rows = capped.seconds
    .map((withIt, s) => [s, withIt, open.seconds[s]])
    .slice(CLEAR_AT_S - 3)
    .map(([s, withIt, without]) => [
      `${s} s`,
      withIt.goodput,
      withIt.turnedAway,
      withIt.sourceQueue,
      without.goodput,
      without.gaveUp,
      without.sourceQueue,
    ]);
  const header = [
    'second',
    'with cap: goodput/s',
    'turned away',
    'source queue',
    'without: goodput/s',
    'gave up',
    'source queue',
  ];
  console.log(table(header, rows));
  const back = (seconds) => (seconds === null ? 'never' : `after ${seconds} s`);
  console.log(
    `\nback at ${BACK_SHARE * 100} %: with the cap ${back(capped.backAfterS)}, without ${back(open.backAfterS)}`,
  );
  console.log(
    `most queries at the source: with the cap ${capped.mostQueriesAtATime}, without ${open.mostQueriesAtATime}`,
  );
  console.log(ok ? 'passed' : 'failed');
}

function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
