import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './support/documents.js';

/** The parts of the benchmarks that are promised here; they are JavaScript, so their shapes are written down again. */
interface Arena {
  readonly clock: string;
  readonly facts: ReadonlyMap<string, unknown>;
  time(operation: string, timing: { rounds: number; roundMs: number; warmMs: number }): Promise<Map<string, number>>;
  close(): Promise<void>;
}
interface ArenaModule {
  Arena: {
    open(how: { module: URL; candidates: string[]; setting: unknown; processes?: number }): Promise<Arena>;
  };
}
interface Row {
  operation: string;
  keys: number;
  payload: number;
  candidate: string;
  nsPerOp: number;
  opsPerSecond: number;
  ratio: number | null;
}
interface LimitsModule {
  judge(rows: Row[]): { name: string; limit: string; measured: number; met: boolean }[];
}
interface WorkloadModule {
  zipfSequence(count: number): Int32Array;
  roundTrip(count: number, from: number): Int32Array;
  valueMaker(bytes: number): () => unknown;
}

const BENCH = join(ROOT, 'bench');
const load = async <T>(file: string): Promise<T> => (await import(join(BENCH, file))) as T;
const SHORT = { rounds: 2, roundMs: 1, warmMs: 1 };

describe('the arena', () => {
  const module = pathToFileURL(join(ROOT, 'test/support/arena-contestants.mjs'));
  const opened: Arena[] = [];
  const open = async (...candidates: string[]): Promise<Arena> => {
    const { Arena } = await load<ArenaModule>('support/arena.mjs');
    const arena = await Arena.open({ module, candidates, setting: { start: 3 }, processes: 2 });
    opened.push(arena);
    return arena;
  };

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((arena) => arena.close()));
  });

  it('gives one time for each candidate that has the operation, in the order in which they were named', async () => {
    const arena = await open('counter', 'half');
    for (const [operation, names] of [
      ['add', ['counter', 'half']],
      ['addLater', ['counter']],
      ['unheard of', []],
    ] as const) {
      const times = await arena.time(operation, SHORT);
      expect([...times.keys()]).toEqual(names);
      for (const ns of times.values()) expect(Number.isFinite(ns) && ns >= 0).toBe(true);
    }
  });

  it('says what the times are, and what the candidates say of themselves', async () => {
    const arena = await open('counter', 'half');
    expect(arena.clock).toMatch(/^(CPU|wall) time/);
    expect(arena.facts).toEqual(
      new Map([
        ['counter', { name: 'counter', start: 3 }],
        ['half', { name: 'half', start: 3 }],
      ]),
    );
  });

  it('stages every run, and keeps to the most iterations and warm-up runs', async () => {
    const arena = await open('counter');
    const times = await arena.time('few', { ...SHORT, warmMs: 60_000 });
    expect([...times.keys()]).toEqual(['counter']);
  });

  it.each([
    ['breaks down in a run', 'broken', /^broken: Error: breaks down/],
    ['loses its process', 'gone', /^gone: its process ended with 7/],
  ])('names the candidate that %s', async (_, name, message) => {
    const arena = await open('counter', name);
    await expect(arena.time('add', SHORT)).rejects.toThrow(message);
  });

  it('names the candidate that cannot be opened', async () => {
    await expect(open('counter', 'unopened')).rejects.toThrow(/^unopened: Error: does not open/);
  });
});

describe('the options of a benchmark', () => {
  const program = `
    import { commandLine, integers, pattern, words } from ${JSON.stringify(pathToFileURL(join(BENCH, 'support/options.mjs')))};
    const values = commandLine('bench:some', {
      json: { type: 'boolean', default: false },
      keys: { type: 'string', judge: integers(10, 1000) },
      only: { type: 'string', judge: words(['hit', 'set']) },
      candidates: { type: 'string', judge: pattern },
    });
    console.log(JSON.stringify({ ...values, candidates: values.candidates?.source }));
  `;
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, ['--input-type=module', '--eval', program, '--', ...args], { encoding: 'utf8' });

  it('come as values', () => {
    const { status, stdout } = run('--json', '--keys', '10,1000', '--only=hit,set', '--candidates', 'a|b');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ json: true, keys: [10, 1000], only: ['hit', 'set'], candidates: 'a|b' });
  });

  it.each([
    [['--jsno'], /Unknown option '--jsno'/],
    [['quick'], /Unexpected argument 'quick'/],
    [['--keys'], /'--keys <value>' argument missing/],
    [['--keys', '9'], /--keys: expected integers from 10 to 1000, separated by commas, received '9'/],
    [['--keys', '10,ten'], /--keys: .* received '10,ten'/],
    [['--only', 'hits'], /--only: expected some of hit, set, separated by commas, received 'hits'/],
    [['--candidates', '('], /--candidates: expected a regular expression, received '\('/],
  ])('that cannot be used end it with one line that says why: %s', (args, why) => {
    const { status, stdout, stderr } = run(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^bench:some \[--json\] \[--keys\] \[--only\] \[--candidates\]: /);
    expect(stderr).toMatch(why);
  });
});

describe('the limits of bench:engine', () => {
  const row = (operation: string, keys: number, candidate: string, nsPerOp: number, ratio: number | null): Row => ({
    operation,
    keys,
    payload: 120,
    candidate,
    nsPerOp,
    opsPerSecond: 1e9 / nsPerOp,
    ratio,
  });
  const judged = async (...rows: Row[]): Promise<Map<string, [string, number, boolean]>> => {
    const { judge } = await load<LimitsModule>('engine/limits.mjs');
    return new Map(judge(rows).map(({ name, limit, measured, met }) => [name, [limit, measured, met]]));
  };

  it('say nothing where nothing was measured', async () => {
    expect(await judged()).toEqual(new Map());
  });

  it('take the ratio of the row', async () => {
    const limits = await judged(
      row('getSync hit', 100_000, 'enhanced-cache shared LRU', 90, 0.9),
      row('getSync hit', 100_000, 'enhanced-cache frozen LRU', 110, 1.1),
    );
    expect([...limits.values()]).toEqual([
      ['<= 1', 0.9, true],
      ['<= 1', 1.1, false],
    ]);
  });

  it('compare times with those of a peer', async () => {
    const limits = await judged(
      row('get hit', 100_000, 'enhanced-cache copy HYBRID', 1000, 4),
      row('get hit', 100_000, 'bentocache', 4900, 20),
      row('get hit', 100_000, '@cacheable/memory', 5000, 20),
    );
    expect([...limits.values()]).toEqual([
      ['>= 5', 4.9, false],
      ['>= 5', 5, true],
    ]);
  });

  it('compare growth with that of a Map', async () => {
    const limits = await judged(
      row('getSync hit', 1000, 'Map', 20, 0.5),
      row('getSync hit', 1_000_000, 'Map', 200, 0.5),
      row('getSync hit', 1000, 'enhanced-cache shared LRU', 40, 1),
      row('getSync hit', 1_000_000, 'enhanced-cache shared LRU', 600, 1),
    );
    const growth = [...limits].find(([name]) => name.includes('growth of a Map'));
    expect(growth?.[1]).toEqual(['<= 1.3', 1.5, false]);
  });
});

describe('the workload of bench:engine', () => {
  const KEYS = 1000;

  it('draws keys by Zipf 0.99, popular ones scattered, the same each time', async () => {
    const { zipfSequence } = await load<WorkloadModule>('engine/workload.mjs');
    const sequence = zipfSequence(KEYS);
    const counts = new Array<number>(KEYS).fill(0);
    for (const index of sequence) counts[index]++;
    const ranked = [...counts].sort((a, b) => b - a);
    const weights = Array.from({ length: KEYS }, (_, rank) => (rank + 1) ** -0.99);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const rank of [0, 1, 9]) expect(ranked[rank] / sequence.length).toBeCloseTo(weights[rank] / total, 2);
    const popular = ranked.slice(0, 10).map((count) => counts.indexOf(count));
    expect(Math.max(...popular) - Math.min(...popular)).toBeGreaterThan(KEYS / 2);
    expect(zipfSequence(KEYS)).toEqual(sequence);
  });

  it('takes keys for a round trip once each, the ones that are not there first', async () => {
    const { roundTrip } = await load<WorkloadModule>('engine/workload.mjs');
    expect([...roundTrip(6, 3)]).toEqual([3, 4, 5, 0, 1, 2]);
  });

  it('makes values of about the size, none of which shares an object with another', async () => {
    const { valueMaker } = await load<WorkloadModule>('engine/workload.mjs');
    const make = valueMaker(512_000);
    const values = Array.from({ length: 9 }, make) as { orders: object[] }[];
    for (const value of values) {
      const { length } = JSON.stringify(value);
      expect(length).toBeGreaterThanOrEqual(512_000);
      expect(length).toBeLessThan(512_000 * 1.01);
    }
    const objects = values.flatMap((value) => [value, value.orders, ...value.orders]);
    expect(new Set(objects).size).toBe(objects.length);
  });
});

describe('the payloads of bench:compressors', () => {
  interface CorpusModule {
    CORPUS: { name: string; bytesOf(bytes: number, seed: number): Buffer }[];
  }
  interface SmallValuesModule {
    FAMILIES: { name: string; valueOf(bytes: number, seed: number): unknown }[];
  }

  it('are of about the size, each different, the same for the same seed', async () => {
    const { CORPUS } = await load<CorpusModule>('support/corpus.mjs');
    for (const { bytesOf } of CORPUS) {
      for (const bytes of [1024, 16_384]) {
        const [first, again, other] = [bytesOf(bytes, 1), bytesOf(bytes, 1), bytesOf(bytes, 2)];
        expect(Buffer.compare(first, again)).toBe(0);
        expect(Buffer.compare(first, other)).not.toBe(0);
        expect(first.byteLength / bytes).toBeGreaterThan(0.8);
        expect(first.byteLength / bytes).toBeLessThan(1.4);
      }
    }
  });

  it('are small values of one shape for each family', async () => {
    const { FAMILIES } = await load<SmallValuesModule>('compressors/small-values.mjs');
    for (const { valueOf } of FAMILIES) {
      for (const bytes of [120, 250, 500, 900]) {
        const [first, other] = [valueOf(bytes, 1), valueOf(bytes, 2)] as [object, object];
        expect(Object.keys(first)).toEqual(Object.keys(other));
        expect(first).not.toEqual(other);
        expect(JSON.stringify(first).length / bytes).toBeLessThan(1.8);
      }
    }
  });
});
