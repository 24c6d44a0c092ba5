import { PROPAGATED } from './entry-schemas.js';
import { answerSchema, type FieldDoc } from './schema.js';

const FAILURES: FieldDoc = ['array', 'The first 100 failures.', [{ key: 'user:44', message: 'ttl: expected ...' }]];

export const CLEARED = answerSchema({ cleared_count: ['integer', 'Entries removed.', 850] }, PROPAGATED);

const timings = (average: number): FieldDoc => [
  'object',
  'Milliseconds; operations_per_second is count / total time.',
  {
    count: 1000,
    total_time_ms: average * 1000,
    average_time_ms: average,
    min_time_ms: average / 2,
    max_time_ms: average * 40,
    p50_time_ms: average,
    p99_time_ms: average * 4,
    operations_per_second: Math.round(1000 / average),
  },
];

export const BENCHMARK = answerSchema({
  iterations: ['integer', 'As asked for.', 1000],
  set_operations: timings(0.01),
  get_operations: timings(0.005),
});

export const WARMED_UP = answerSchema({
  success: ['integer', 'Entries stored.', 2],
  failed: ['integer', 'Entries that could not be.', 0],
  total_size: ['integer', 'Bytes of the stored values before compression.', 62],
  errors: FAILURES,
});

export const IMPORTED = answerSchema({
  imported: ['integer', 'Entries stored, with what remains of their lifetimes.', 850],
  skipped: ['integer', 'Entries without a value, expired, or overtaken by an invalidation.', 2],
  failed: ['integer', 'Entries that could not be stored.', 0],
  errors: FAILURES,
});

const CONFIGURATION = {
  max_size: 5000,
  max_memory_mb: 100,
  default_ttl: 3600,
  eviction_policy: 'lru',
  compression_level: 6,
  compression_threshold: 1024,
  enable_analytics: true,
  isolation: 'copy',
  max_key_length: 1024,
  max_value_mb: 10,
};

export const CONFIGURED = answerSchema({
  success: ['boolean', 'Always true: what cannot be applied is an error, and nothing is applied then.', true],
  applied: ['object', 'The changes.', { max_size: 5000, eviction_policy: 'lru' }],
  current_config: ['object', 'All options as they are now.', CONFIGURATION],
  evicted: ['integer', 'Entries that no longer fitted.', 0],
});
