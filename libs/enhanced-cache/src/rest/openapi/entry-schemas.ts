import { answerSchema, type FieldDocs } from './schema.js';

const TIMES: FieldDocs = {
  created_at: ['string', 'ISO 8601, UTC.', '2026-01-15T09:30:00.000Z'],
  expires_at: ['string?', 'ISO 8601, UTC; null: never.', '2026-01-15T09:35:00.000Z'],
};
const SIZES: FieldDocs = {
  size_bytes: ['integer', 'The value before compression.', 31],
  compressed_size: ['integer', 'The value as stored, in bytes.', 31],
};
const ATTRIBUTES: FieldDocs = {
  tags: ['array', 'Names to invalidate by.', ['users']],
  priority: ['integer', '-100 to 100; higher outlives lower.', 0],
  cost: ['number', 'Seconds to recreate the value.', 0.25],
  metadata: ['object?', 'What the caller attached.', { source: 'crm' }],
};
const KEY: FieldDocs = { key: ['string', 'The key.', 'user:42'] };
const LIFETIME: FieldDocs = { ttl_remaining: ['number?', 'Seconds left; null: never expires.', 281.4] };
const ACCESS_COUNT: FieldDocs = { access_count: ['integer', 'Hits since the value was written.', 7] };

const LISTED: FieldDocs = {
  ...KEY,
  ...TIMES,
  ...LIFETIME,
  last_accessed: ['string', 'ISO 8601, UTC.', '2026-01-15T09:30:18.600Z'],
  ...ACCESS_COUNT,
  ...ATTRIBUTES,
  ...SIZES,
  compression_ratio: ['number', 'compressed_size / size_bytes; 1: not compressed.', 1],
};
const LISTED_EXAMPLE = answerSchema(LISTED).example as Record<string, unknown>;
const ENTRIES: FieldDocs = { entries: ['array', 'Entries without their values.', [LISTED_EXAMPLE]] };

export const STORED = answerSchema({
  success: ['boolean', 'false: stored, and gone again (turned away for room, or removed by another caller).', true],
  ...KEY,
  expires_at: TIMES.expires_at,
  ...SIZES,
});

export const FOUND = answerSchema(
  {
    ...KEY,
    value: ['any', 'The value; see value_type.', { name: 'Ada', admin: true }],
    ...LIFETIME,
    ...TIMES,
    ...ACCESS_COUNT,
    ...ATTRIBUTES,
    ...SIZES,
  },
  {
    value_type: [
      'string',
      'Absent: value is the JSON itself. typed: value is the notation of exports, for what JSON has no word for ' +
        '(Date, Map, BigInt, bytes). opaque: value cannot leave the process and is null.',
      'typed',
    ],
  },
);

/** Of an invalidation, where there is a second tier. */
export const PROPAGATED: FieldDocs = {
  propagated: [
    'boolean',
    'With a second tier only. true: the other instances know of it. false: it holds here, and is kept for them until Redis ' +
      'can be reached.',
    true,
  ],
};

export const DELETED = answerSchema({ ...KEY, deleted: ['boolean', 'Whether there was an entry.', true] }, PROPAGATED);

export const DELETED_BY_TAGS = answerSchema(
  {
    tags: ['array', 'The tags that were asked for.', ['users']],
    deleted_count: ['integer', 'Entries removed.', 12],
  },
  PROPAGATED,
);

export const BY_TAG = answerSchema({
  tag: ['string', 'The tag that was asked for.', 'users'],
  count: ['integer', 'Entries with it.', 1],
  ...ENTRIES,
});

export const ENTRY_PAGE = answerSchema({
  ...ENTRIES,
  next_cursor: ['string?', '`cursor` of the next page; null: this was the last one.', '2s'],
});

const EXPORTED_ENTRY = Object.fromEntries(Object.entries(LISTED_EXAMPLE).filter(([name]) => name !== 'ttl_remaining'));

export const EXPORT = answerSchema({
  version: ['integer', 'Of the shape of the document.', 1],
  exported_at: ['string', 'ISO 8601, UTC.', '2026-01-15T09:30:18.600Z'],
  entries: [
    'array',
    'Entries, with `value` (and `value_type`) where values=true.',
    [{ ...EXPORTED_ENTRY, value: { name: 'Ada', admin: true } }],
  ],
  statistics: ['object', 'As GET /stats answers.', { hits: 9120, misses: 880 }],
  analytics: ['object', 'As GET /analytics answers.', { enabled: false }],
  memory_usage: ['object', 'As GET /memory answers.', { total_entries: 1 }],
});
