import { InvalidOptionsError } from '../errors.js';
import { NO_TIER_FACTORY } from '../ports/no-tier.js';
import { SYSTEM_MEMORY } from '../ports/system-memory-probe.js';
import { SystemClock } from '../ports/system-clock.js';
import { reconfigureOptions, resolveOptions } from './resolve-options.js';

describe('resolveOptions', () => {
  it('decides every option that is not given', () => {
    const { clock, onWarning, random, tier, ...rest } = resolveOptions();
    expect(tier).toBe(NO_TIER_FACTORY);
    expect(random).toBe(Math.random);
    expect(clock).toBeInstanceOf(SystemClock);
    expect(typeof onWarning).toBe('function');
    expect(rest).toEqual({
      maxEntries: 2000,
      maxBytes: 100 * 1024 * 1024,
      defaultTtlMs: 3_600_000,
      evictionPolicy: 'hybrid',
      compressionLevel: 6,
      compressionThreshold: 1024,
      enableAnalytics: true,
      isolation: 'copy',
      maxKeyLength: 1024,
      maxEntryBytes: 10 * 1024 * 1024,
      types: [],
      classInstances: 'warn',
      memoryPressure: {
        heap: { okPercent: 65, highPercent: 75, criticalPercent: 85 },
        container: { okPercent: 75, highPercent: 85, criticalPercent: 93 },
        minBytes: 1024 * 1024,
        probe: SYSTEM_MEMORY,
      },
      name: 'default',
      loading: {
        staleWhileRevalidateMs: 0,
        staleIfErrorMs: 0,
        errorBackoffMs: 1000,
        softTimeoutMs: Infinity,
        hardTimeoutMs: Infinity,
        earlyRefresh: 0,
        jitter: 0.05,
        negativeTtlMs: undefined,
        maxConcurrentLoads: Infinity,
        maxQueuedLoads: 10_000,
      },
    });
  });

  it('takes undefined for not given, and null for never', () => {
    expect(resolveOptions({ maxSize: undefined }).maxEntries).toBe(2000);
    expect(resolveOptions({ defaultTtl: null }).defaultTtlMs).toBe(Infinity);
  });

  it.each([
    ['maxSize', 0],
    ['maxSize', 1.5],
    ['maxSize', '10'],
    ['maxSize', 2 ** 24 + 1],
    ['maxMemoryMb', 0],
    ['maxMemoryMb', Infinity],
    ['maxMemoryMb', NaN],
    ['defaultTtl', 0],
    ['defaultTtl', '5 minutes'],
    ['evictionPolicy', 'fifo'],
    ['compressionLevel', 5],
    ['compressionThreshold', -1],
    ['enableAnalytics', 'yes'],
    ['isolation', 'clone'],
    ['maxKeyLength', 0],
    ['maxValueMb', -1],
    ['types', [{}]],
    ['classInstances', 'keep'],
    ['clock', {}],
    ['name', ''],
    ['onWarning', 'log'],
    ['maxsize', 10],
  ])('refuses %s: %p, naming option and value', (option, value) => {
    const make = () => resolveOptions({ [option]: value });
    expect(make).toThrow(InvalidOptionsError);
    expect(make).toThrow(new RegExp(`^${option}: expected .+, received `));
  });

  it('refuses an entry limit above the memory limit', () => {
    expect(() => resolveOptions({ maxMemoryMb: 1, maxValueMb: 2 })).toThrow(
      'maxValueMb: expected at most maxMemoryMb (1), received 2',
    );
  });

  it('says what is allowed where the name is not known', () => {
    expect(() => resolveOptions({ maxItems: 1 } as never)).toThrow(
      /maxItems: expected no option of that name \(known: maxSize, /,
    );
  });
});

describe('reconfigureOptions', () => {
  const current = resolveOptions({ maxSize: 10, maxMemoryMb: 10, maxValueMb: 5 });

  it('applies what is named and keeps the rest', () => {
    const changed = reconfigureOptions(current, { maxSize: 20, compressionLevel: 1 });
    expect(changed).toEqual({ ...current, maxEntries: 20, compressionLevel: 1 });
  });

  it('keeps the share of memory that one entry may take', () => {
    expect(reconfigureOptions(current, { maxMemoryMb: 4 }).maxEntryBytes).toBe(2 * 1024 * 1024);
  });

  it('refuses what only a new cache can have', () => {
    expect(() => reconfigureOptions(current, { isolation: 'shared' } as never)).toThrow(InvalidOptionsError);
  });
});
