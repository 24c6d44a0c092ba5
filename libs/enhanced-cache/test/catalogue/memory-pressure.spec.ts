import { EngineProcesses } from '../support/engine-process.js';

/** The heap that Node.js is given, in MiB; the limit of the cache is far above it. */
const HEAP_MB = 128;

/**
 * A server that caches what it loads, 4 MB in each of so many rounds, while the rest of it takes 30 MB and lets go of them again.
 * `options` are those of the cache; what it saw is printed as JSON.
 */
function server(options: string, rounds = 20): string {
  return `
    import { EnhancedCache } from './core.js';
    const cache = new EnhancedCache({ maxSize: 1_000_000, maxMemoryMb: 1000, isolation: 'shared', ...${options} });
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    const record = (i) => ({ id: i, rows: Array.from({ length: 100 }, (_, n) => ({ n, text: 'row ' + n + ' of ' + i })) });
    let next = 0;
    const serve = async (requests) => {
      for (let i = 0; i < requests; i++) {
        const key = 'record:' + (i % 3 === 0 ? next++ : Math.floor(next * Math.random()));
        await cache.getOrSet(key, () => record(i));
        if (i % 20 === 0) await turn();
      }
    };
    const isWithin = (usage) => usage.memoryUsageBytes <= usage.effectiveLimitBytes;
    const levels = new Set();
    const seen = [];
    cache.on('pressure', ({ level }) => levels.add(level));
    let rest = Array.from({ length: 300 }, (_, n) => Array.from({ length: 12_500 }, (_, i) => n * i));
    for (let round = 0; round < ${rounds}; round++) {
      await serve(1500);
      // A step down is done in slices.
      for (let turns = 0; turns < 100 && !isWithin(cache.getMemoryUsage()); turns++) await turn();
      seen.push(cache.getMemoryUsage());
    }
    const pressed = cache.getMemoryUsage();
    rest = undefined;
    await cache.clear();
    const deadline = Date.now() + 8000;
    let relaxed = cache.getMemoryUsage();
    while (Date.now() < deadline && !(relaxed.pressure.level === 'ok' && relaxed.effectiveLimitBytes > 1.2 * pressed.effectiveLimitBytes)) {
      await serve(5);
      await new Promise((resolve) => setTimeout(resolve, 50));
      // Garbage, so that what is free gets known.
      record(Array.from({ length: 50_000 }, (_, i) => ({ i })));
      relaxed = cache.getMemoryUsage();
    }
    console.log(JSON.stringify({
      levels: [...levels],
      pressed,
      relaxed,
      withinLimit: seen.every(isWithin),
      faults: cache.verifyAccounting(),
      hitRate: cache.getStats().hitRate,
      requests: next,
    }));
    await cache.close();
  `;
}

describe('D. Resources and leaks: a process that is short of memory', () => {
  const processes = new EngineProcesses();
  const flags = [`--max-old-space-size=${HEAP_MB}`];

  afterAll(() => processes.remove());

  it('D13: with a limit far above the heap it sheds, does not die, goes on hitting, and recovers', async () => {
    const ended = await processes.ended(processes.start(server('{}'), flags));
    expect(ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const { levels, pressed, relaxed, withinLimit, faults, hitRate } = JSON.parse(ended.stdout);
    expect(levels).toContain('high');
    expect(pressed.pressure.shedBytes).toBeGreaterThan(0);
    expect(pressed.effectiveLimitBytes).toBeLessThan(HEAP_MB * 1024 * 1024);
    expect(pressed.maxMemoryMb).toBe(1000);
    expect(pressed.memoryUsageBytes).toBeGreaterThan(20 * 1024 * 1024);
    expect({ withinLimit, faults }).toEqual({ withinLimit: true, faults: [] });
    expect(hitRate).toBeGreaterThan(20);
    expect(relaxed.pressure.level).toBe('ok');
    expect(relaxed.effectiveLimitBytes).toBeGreaterThan(pressed.effectiveLimitBytes);
  }, 60_000);

  it('D13: the same server without the guard dies of it', async () => {
    const ended = await processes.ended(processes.start(server('{ memoryPressure: false }', 40), flags));
    expect(ended.stdout).toBe('');
    expect(ended.code === 0).toBe(false);
    expect(ended.stderr).toContain('heap out of memory');
  }, 60_000);
});

describe('D. Resources and leaks: what the model of memory cannot see', () => {
  const processes = new EngineProcesses();

  afterAll(() => processes.remove());

  it('keys that were cut out of large texts let go of them once the heap tells', async () => {
    const program = `
      import { EnhancedCache } from './core.js';
      const cache = new EnhancedCache({ maxSize: 1_000_000, maxMemoryMb: 1000, isolation: 'shared' });
      const turn = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));
      const collect = async () => {
        globalThis.gc();
        await turn(150);
      };
      const page = Buffer.alloc(2000, 'page ').toString('latin1');
      const ratio = () => {
        const { heapUsed, external } = process.memoryUsage();
        return (heapUsed + external - before) / cache.getMemoryUsage().memoryUsageBytes;
      };
      await collect();
      const { heapUsed, external } = process.memoryUsage();
      const before = heapUsed + external;
      const seen = [];
      for (let step = 0; step < 4; step++) {
        for (let i = 0; i < 40_000; i++) {
          const text = Buffer.from('a key of its own, ' + String(step * 40_000 + i).padStart(8, '0') + page).toString('latin1');
          await cache.set(text.slice(0, 26), i);
        }
        await collect();
        seen.push(ratio());
      }
      const errorPercent = cache.getMemoryUsage().estimatedErrorPercent;
      for (let i = 0; i < 50 && ratio() > 1.25; i++) await collect();
      const last = 'a key of its own, ' + String(159_999).padStart(8, '0');
      console.log(JSON.stringify({ seen, ratio: ratio(), found: cache.getSync(last), entries: cache.getStats().entryCount, errorPercent, faults: cache.verifyAccounting() }));
      await cache.close();
    `;
    const ended = await processes.ended(processes.start(program, ['--expose-gc']));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const { seen, ratio, found, entries, faults } = JSON.parse(ended.stdout);
    expect(seen[0]).toBeGreaterThan(4);
    expect(ratio).toBeLessThan(1.3);
    expect({ found, entries, faults }).toEqual({ found: 39_999, entries: 160_000, faults: [] });
  }, 60_000);
});
