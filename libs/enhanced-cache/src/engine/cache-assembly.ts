import { Analytics } from './analytics/analytics.js';
import { Counters } from './analytics/counters.js';
import { Benchmark, type ScratchCache } from './benchmark/benchmark.js';
import { CacheCore } from './cache-core.js';
import { BackgroundCompression } from './codec/background-compression.js';
import { createValueCodec } from './codec/create-codec.js';
import type { ValueCodec } from './codec/value-codec.js';
import { EntryReader } from './entry/entry-reader.js';
import { EntryStore } from './entry/entry-store.js';
import { recordRemoval } from './entry/removal-recorder.js';
import { CacheEvents } from './events.js';
import { ExpirySweeper } from './expiry/expiry-sweeper.js';
import { type CacheFacts, HealthCheck } from './health/health-check.js';
import { Flights } from './loading/flights.js';
import { KeyLock } from './loading/key-lock.js';
import { LoadGate } from './loading/load-gate.js';
import { ReadThrough } from './loading/read-through.js';
import { WriteFence } from './loading/write-fence.js';
import type { ResolvedOptions } from './options/options.js';
import { Reconfigurer } from './options/reconfigurer.js';
import { PressureResponse } from './pressure/pressure-response.js';
import { CacheTransfer, type Reports } from './snapshot/cache-transfer.js';
import { RemoteChanges } from './tier/remote-changes.js';
import { TierAccess } from './tier/tier-access.js';
import { TagReclaimer } from './tags/tag-reclaimer.js';

export type CacheAssembly = ReturnType<typeof assembleCache>;

/** Makes the parts of one cache and introduces them to each other: the only place that knows them all. */
export function assembleCache(options: ResolvedOptions, reports: Reports, createScratch: () => ScratchCache) {
  const { clock } = options;
  const counters = new Counters();
  const events = new CacheEvents();
  const analytics = new Analytics(clock, options.enableAnalytics);
  const fence = new WriteFence();
  const failed =
    (operation: string) =>
    (error: unknown): void =>
      events.emit('error', { operation, error });

  const loaded = {
    loadTime: (slot: number): number => store.table.loadTime(slot),
    tagsOf: (slot: number): readonly string[] => store.tags.tagsOf(slot),
  };
  const store: EntryStore = new EntryStore(
    options,
    options.evictionPolicy,
    clock,
    (key, sizeBytes, cause, turnedAway) => recordRemoval(key, sizeBytes, cause, turnedAway, counters, events),
    (slots, count, cost) => {
      counters.hits += count;
      counters.hitCost += cost;
      counters.loadSeconds.hit(slots, count, loaded);
      let place = 0;
      for (let ticks = analytics.ticks(count); ticks > 0; ticks = analytics.ticks(count - place)) {
        place += ticks;
        analytics.recordKey(store.table.key(slots[place - 1]) as string, true);
      }
    },
  );
  const sweeper = new ExpirySweeper(store, clock, failed('remove expired entries'));
  const reclaimer = new TagReclaimer(store, clock, failed('remove invalidated entries'));
  const pressure = new PressureResponse(
    {
      store,
      clock,
      configured: () => core.options,
      changed: (change) => events.emit('pressure', change),
      failed: failed('make room for the process'),
    },
    options.memoryPressure,
  );
  const compression = new BackgroundCompression(store, clock, counters, failed('compress a stored value'));
  const codecFor = (changed: ResolvedOptions): ValueCodec =>
    createValueCodec(changed, { counts: counters, gate: compression });
  const flights = new Flights();
  const core: CacheCore = new CacheCore(
    {
      store,
      counters,
      analytics,
      events,
      fence,
      detach: {
        key: (key) => flights.detach(key),
        tagged: (tags) => flights.detachTagged(tags),
        all: () => flights.detachAll(),
      },
      reclaim: (invalidation) => reclaimer.reclaim(invalidation),
      noticeExpiry: (expiresAt) => sweeper.notice(expiresAt),
      pressure,
      compressLater: (slot, stored) => compression.submit(slot, stored),
    },
    options,
    codecFor(options),
  );
  const tier = options.tier.attach({
    name: options.name,
    clock,
    failed: (operation, error, key) => events.emit('error', { operation, error, key }),
    changed: (state, reason) => events.emit('tier', { state, reason }),
    warn: options.onWarning,
  });
  const tiers = new TierAccess({ core, fence, events, tier });
  tier.listen(new RemoteChanges(core, events));
  const gate = new LoadGate();
  const readThrough = new ReadThrough({ core, flights, fence, tiers, gate, counters, events, random: options.random });
  const entries = new EntryReader(store, clock);
  const facts: CacheFacts = {
    get counters() {
      store.settle();
      return counters;
    },
    isClosed: () => core.closed,
    entryCount: () => store.countLive(),
    maxEntries: () => store.limits.maxEntries,
    chargedBytes: () => store.bytes,
    maxBytes: () => store.limits.maxBytes,
    listenerFailures: () => events.failures,
    pressure: () => pressure.report(),
    tier: () => tiers.report(),
    createScratch,
  };
  return {
    core,
    store,
    counters,
    events,
    analytics,
    fence,
    sweeper,
    pressure,
    compression,
    reclaimer,
    flights,
    gate,
    readThrough,
    tiers,
    entries,
    transfer: new CacheTransfer(core, entries, fence, tiers, events, reports),
    reconfigurer: new Reconfigurer(core, analytics, events, (limits) => pressure.within(limits), codecFor),
    locks: new KeyLock(clock),
    benchmark: new Benchmark(createScratch, clock),
    health: new HealthCheck(facts, clock),
    startedAt: clock.now(),
    /** Aborted when the cache closes. */
    closing: new AbortController(),
  };
}
