import { answerSchema, type FieldDocs } from './schema.js';

const SCORE =
  '0 to 100: 100 x (0.6 x hit rate + 0.4 x cost-weighted hit rate), where a hit weighs the cost of its entry in seconds';

const STATS_FIELDS: FieldDocs = {
  hits: ['integer', 'Reads that found a live value.', 9120],
  misses: ['integer', 'Reads that found none.', 880],
  total_requests: ['integer', 'hits + misses.', 10000],
  hit_rate: ['number', 'Percent of the requests that were hits.', 91.2],
  miss_rate: ['number', 'Percent of the requests that were misses.', 8.8],
  sets: ['integer', 'Values stored, by any way in.', 905],
  deletes: ['integer', 'Entries removed by key, by tag or by clear.', 12],
  evictions: ['integer', 'Entries that the policy removed for room.', 3],
  expirations: ['integer', 'Entries whose time was over.', 40],
  loads: ['integer', 'Loaders run by read-through.', 870],
  load_failures: ['integer', 'Loaders that failed.', 1],
  fenced_loads: ['integer', 'Loaded values not stored because an invalidation came first.', 2],
  stale_hits: ['integer', 'Hits answered with a value past its lifetime.', 12],
  joined_loads: ['integer', 'Callers who waited for a load that was running already.', 31],
  queued_loads: ['integer', 'Loads that had to wait for their turn.', 0],
  background_loads: ['integer', 'Loads that renewed a value while it was served.', 9],
  load_timeouts: ['integer', 'Loads given up after hardTimeout.', 0],
  late_loads: ['integer', 'Loads that ended after they had been given up.', 0],
  corrupt_entries: ['integer', 'Stored bytes that did not prove themselves; each was a miss.', 0],
  listener_failures: ['integer', 'Event listeners that failed.', 0],
  entry_count: ['integer', 'Live entries.', 850],
  max_size: ['integer', 'Most entries held.', 2000],
  utilization: ['number', 'Percent: the fuller of the two limits, entries or memory.', 42.5],
  total_size: ['integer', 'Bytes of all values before compression.', 2482000],
  compressed_size: ['integer', 'Bytes of all values as stored.', 1117000],
  compression_ratio: ['number', 'compressed_size / total_size; 1: nothing saved.', 0.45],
  memory_efficiency: ['number', `Percent of the values' bytes that compression saved.`, 55],
  memory_usage_mb: ['number', 'MiB charged against max_memory_mb.', 1.31],
  max_memory_mb: ['number', 'Most MiB held.', 100],
  average_access_time_ms: ['number', 'Milliseconds of a read, mean of the sampled ones.', 0.004],
  cache_efficiency_score: ['number', `${SCORE}.`, 92.4],
  load_seconds_saved: ['number', 'Seconds of loading that hits spared the source.', 912.4],
  load_seconds_paid: ['number', 'Seconds that loads took all the same.', 87.2],
  load_seconds_by_tag: [
    'array',
    'Both by tag, most seconds first, at most 20.',
    [{ tag: 'users', saved: 610.2, paid: 41.5 }],
  ],
  eviction_policy: ['string', 'lru, lfu, ttl, size, hybrid, tinylfu or s3fifo.', 'hybrid'],
  eviction_detail: [
    'object',
    'How hybrid works at the moment, and why; null under other policies.',
    { mode: 'use', mode_changes: 0, value_spread: 0.12, strategy: 'balanced', window_share: 0.1, strategy_changes: 1 },
  ],
  compression_level: ['integer', '0 none, 1 fast, 6 default, 9 max.', 6],
  tier: [
    'object?',
    'The second tier; null where there is none.',
    {
      kind: 'redis',
      state: 'joined',
      state_seconds: 8640,
      reason: null,
      hits: 310,
      misses: 870,
      unanswered: 0,
      writes: 868,
      failed_writes: 0,
      overtaken_loads: 2,
      awaited_loads: 14,
      invalidations_sent: 12,
      invalidations_received: 31,
      pending_invalidations: 0,
      distrusts: 1,
      failures: {},
    },
  ],
  uptime_seconds: ['number', 'Since the cache was made.', 86400],
};

export const STATS = answerSchema(STATS_FIELDS);

/** Only `enabled` where analytics is off. */
export const ANALYTICS = answerSchema(
  { enabled: ['boolean', 'Whether anything is sampled; where not, this is the only field.', true] },
  {
    total_requests: ['integer', 'hits + misses.', 10000],
    hit_rate: ['number', 'Percent.', 91.2],
    miss_rate: ['number', 'Percent.', 8.8],
    eviction_rate: ['number', 'Percent: evictions / sets.', 0.33],
    compression_ratio: ['number', 'compressed / original; 1: nothing saved.', 0.45],
    average_access_time: ['number', 'Milliseconds, mean of sampled reads.', 0.004],
    access_time_percentiles: ['object', 'Milliseconds.', { p50: 0.002, p90: 0.006, p99: 0.02, p999: 0.09 }],
    memory_efficiency: ['number', `Percent of the values' bytes that compression saved.`, 55],
    cache_efficiency_score: ['number', `${SCORE}.`, 92.4],
    top_keys: ['array', 'At most 20, with estimated counts.', [{ key: 'user:42', count: 512 }]],
    access_patterns: [
      'object',
      'Requests by the shape of their keys; parts that vary are *.',
      { 'user:*': { requests: 700, hits: 650, misses: 50, hit_rate: 92.86 } },
    ],
    performance_metrics: ['object', 'Further figures by name.', {}],
  },
);

export const MEMORY = answerSchema({
  total_entries: ['integer', 'Live entries.', 850],
  total_size_bytes: ['integer', 'All values before compression.', 2482000],
  compressed_size_bytes: ['integer', 'All values as stored.', 1117000],
  compression_savings_bytes: ['integer', 'What compression saved.', 1365000],
  compression_ratio: ['number', 'compressed_size_bytes / total_size_bytes.', 0.45],
  overhead_bytes: ['integer', `Keys, tags, metadata and the container's share of each entry.`, 256000],
  memory_usage_bytes: ['integer', 'All that is charged against the limit.', 1373000],
  memory_usage_mb: ['number', 'The same in MiB.', 1.31],
  max_memory_mb: ['number', 'Most MiB held.', 100],
  memory_utilization_percent: ['number', 'memory_usage_mb / max_memory_mb.', 1.31],
  average_entry_size_bytes: ['number', 'total_size_bytes / total_entries; 0 where empty.', 2920],
  average_compressed_size_bytes: ['number', 'compressed_size_bytes / total_entries; 0 where empty.', 1314.12],
  effective_limit_bytes: [
    'integer',
    'What may be held at the moment: max_memory_mb, or less while the process is short of memory.',
    104857600,
  ],
  estimated_error_percent: [
    'number?',
    'By how many percent the process really grows more (negative: less) than its caches say; null until it is known.',
    4.2,
  ],
  pressure: [
    'object',
    'How near the process is to the end of its memory: level (ok, high, critical, or off), percent of the heap and of the ' +
      'container in use (null where there is no limit), bytes evicted for that.',
    { level: 'ok', heap_used_percent: 31.7, process_memory_percent: 48.2, shed_bytes: 0 },
  ],
});

export const HEALTH = answerSchema({
  status: ['string', 'healthy, degraded or unhealthy: the worst of the checks.', 'healthy'],
  checks: [
    'object',
    'Each check with its status and what it looked at.',
    { memory: { status: 'healthy', used_bytes: 1373000, limit_bytes: 104857600, utilization_percent: 1.31 } },
  ],
  errors: ['array', 'What is wrong, a sentence each.', []],
  timestamp: ['string', 'ISO 8601, UTC.', '2026-01-15T09:30:00.000Z'],
});

export const UNHEALTHY = {
  ...HEALTH,
  example: {
    status: 'unhealthy',
    checks: { lifecycle: { status: 'unhealthy', closed: true } },
    errors: ['the cache is closed'],
    timestamp: '2026-01-15T09:30:00.000Z',
  },
};
