/**
 * Candidates for the spec of the arena. Each judges what it is asked to do, and throws where that is not as promised.
 *
 * - `counter`: all operations; every run is staged first, for as many iterations
 * - `half`: has `add` only
 * - `broken`: its runs throw
 * - `unopened`: cannot be opened
 * - `gone`: ends its process in a run
 */
const MOST = 5;

export async function open(name, { start }) {
  if (name === 'unopened') throw new Error('does not open');
  return { facts: { name, start }, begin: (operation) => operationsOf(name)[operation] };
}

function operationsOf(name) {
  if (name === 'half') return { add: adding() };
  if (name === 'broken') return { add: { run: () => raise('breaks down') } };
  if (name === 'gone') return { add: { run: () => process.exit(7) } };
  return { add: adding(), addLater: addingLater(), few: few() };
}

function adding() {
  let total = 0;
  return {
    run(times) {
      for (let i = 0; i < times; i++) total += i;
      if (total < 0) raise('cannot be');
    },
  };
}

function addingLater() {
  const { run } = adding();
  let isRunning = false;
  return {
    async run(times) {
      if (isRunning) raise('the run before was not awaited');
      isRunning = true;
      await null;
      run(times);
      isRunning = false;
    },
  };
}

/** At most {@link MOST} iterations, staged before each run, and only one run to warm up, whatever they take. */
function few() {
  let staged = 0;
  let runs = 0;
  return {
    most: MOST,
    mostWarmRuns: 1,
    async stage(times) {
      await null;
      staged = times;
    },
    run(times) {
      if (times > MOST || times !== staged) raise(`${times} iterations, ${staged} staged, at most ${MOST}`);
      staged = 0;
      // One to warm up and two rounds are asked for in the spec.
      if (++runs > 3) raise('more runs than were asked for');
    },
  };
}

function raise(message) {
  throw new Error(message);
}
