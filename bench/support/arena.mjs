import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, shuffled } from './rounds.mjs';

const PROCESS = fileURLToPath(new URL('./arena-process.mjs', import.meta.url));
/** Processes that are prepared at a time; nobody is timed meanwhile. */
const PREPARED_AT_A_TIME = 2;
/** V8 hashes strings with a number that it draws at each start: luck that all candidates shall share. */
const HASH_SEED = 20_240;

/**
 * Candidates that are timed against each other, each in a process of its own, so that none lives with the machine code,
 * the heap and the garbage of another.
 *
 * `module` is the URL of a module with `open(candidate, setting)`; it is loaded in each process and gives
 * `{ facts?, begin(operation) }`. `facts` is what the candidate says of itself, as JSON; `begin` gives the operation to be
 * timed or `undefined` where the candidate has none:
 *
 *     { run(iterations), stage?(iterations), most?, mostWarmRuns? }
 *
 * `run` is timed, `stage` prepares for it and is not; both may return promises. `most` bounds the iterations of a round,
 * `mostWarmRuns` the runs before the first of them, where a stage takes much longer than what it prepares.
 */
export class Arena {
  #contestants;
  /** What the times are, in words. */
  clock;
  /** What a candidate says of itself, by its name. */
  facts = new Map();

  constructor(contestants) {
    this.#contestants = contestants;
  }

  /**
   * @param {{ module: URL, candidates: string[], setting: unknown, processes?: number }} how `setting` goes to each
   *   process as JSON. `processes` is how many each candidate gets, 1 by default: two of the same program differ by up
   *   to a tenth, for as long as they live, by where their objects and code happen to lie.
   */
  static async open({ module, candidates, setting, processes = 1 }) {
    const contestants = candidates.flatMap((name) => Array.from({ length: processes }, () => new Contestant(name)));
    const arena = new Arena(contestants);
    try {
      await preparing(contestants, async (contestant) => {
        const task = { module: module.href, name: contestant.name, setting };
        const { clock, facts } = await contestant.ask('open', task);
        arena.clock = clock;
        arena.facts.set(contestant.name, facts);
      });
      return arena;
    } catch (error) {
      await arena.close();
      throw error;
    }
  }

  /**
   * Times one operation of all candidates that have it: each is warmed up for `warmMs`, then in every round each runs
   * once for about `roundMs`, in an order drawn anew. What disturbs the machine for a while disturbs all of them; the
   * median over the rounds forgets it.
   *
   * @returns {Promise<Map<string, number>>} nanoseconds for one iteration, by candidate; where it has several processes,
   *   the median of theirs.
   */
  async time(operation, { rounds = 15, roundMs = 40, warmMs = 200 } = {}) {
    const iterationsOf = new Map();
    await preparing(this.#contestants, async (contestant) => {
      iterationsOf.set(contestant, (await contestant.ask('begin', { operation, roundMs, warmMs })).iterations);
    });
    const running = this.#contestants
      .map((contestant) => ({ contestant, iterations: iterationsOf.get(contestant), times: [] }))
      .filter(({ iterations }) => iterations !== null);
    for (let round = 0; round < rounds; round++) {
      for (const { contestant, iterations, times } of shuffled(running)) {
        times.push((await contestant.ask('round', { iterations })).ns / iterations);
      }
    }
    const byName = new Map(running.map(({ contestant }) => [contestant.name, []]));
    for (const { contestant, times } of running) byName.get(contestant.name).push(median(times));
    return new Map([...byName].map(([name, medians]) => [name, median(medians)]));
  }

  async close() {
    await Promise.all(this.#contestants.map((contestant) => contestant.close()));
  }
}

/** The process of one candidate, asked one thing at a time. */
class Contestant {
  #child = fork(PROCESS, [], {
    execArgv: [`--hash-seed=${HASH_SEED}`, '--expose-gc', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  #exited = new Promise((resolve) => this.#child.once('exit', (code, signal) => resolve(signal ?? code)));

  constructor(name) {
    this.name = name;
  }

  /** @throws what went wrong in the process, or that it is gone. */
  async ask(task, details) {
    const answered = new Promise((resolve) => this.#child.once('message', resolve));
    this.#child.send({ task, ...details });
    const answer = await Promise.race([
      answered,
      this.#exited.then((end) => ({ error: `its process ended with ${end}` })),
    ]);
    if (answer.error) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  async close() {
    this.#child.kill();
    await this.#exited;
  }
}

/** `prepare` for each contestant, a few at a time. */
async function preparing(contestants, prepare) {
  const waiting = [...contestants];
  const prepareNext = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await prepare(next);
  };
  await Promise.all(Array.from({ length: PREPARED_AT_A_TIME }, prepareNext));
}
