import { snakeCase, toWire } from './wire-names.js';

describe('toWire', () => {
  it('writes field names in snake_case at every depth', () => {
    const report = {
      hitRate: 1,
      accessTimePercentiles: { p999: 2 },
      topKeys: [{ key: 'userName', hitCount: 3 }],
      note: null,
    };
    expect(toWire(report)).toEqual({
      hit_rate: 1,
      access_time_percentiles: { p999: 2 },
      top_keys: [{ key: 'userName', hit_count: 3 }],
      note: null,
    });
  });

  it('keeps the patterns of keys as they are', () => {
    const accessPatterns = { 'userProfile:*': { hitRate: 50 }, ['__proto__']: { hitRate: 1 } };
    const wire = JSON.stringify(toWire({ accessPatterns }));
    expect(wire).toBe('{"access_patterns":{"userProfile:*":{"hit_rate":50},"__proto__":{"hit_rate":1}}}');
  });

  it('writes dates in ISO 8601', () => {
    expect(toWire({ createdAt: new Date(0) })).toEqual({ created_at: '1970-01-01T00:00:00.000Z' });
  });
});

describe('snakeCase', () => {
  it.each([
    ['memoryUsageMb', 'memory_usage_mb'],
    ['hits', 'hits'],
    ['p50TimeMs', 'p50_time_ms'],
  ])('writes %s as %s', (name, wire) => {
    expect(snakeCase(name)).toBe(wire);
  });
});
