import type { Scheduler } from 'fast-check';
import { disturbances } from './disturbances.js';
import { describeOperation, type Operation, type Program } from './program.js';
import type { Contestant } from './raced-cache.js';
import * as reads from './reads.js';
import { Stage } from './stage.js';
import type { Violation } from './staleness-oracle.js';
import { KEYS } from './versioned-source.js';

/** Turns of the event loop in which nothing happens before a call counts as hung. */
const PATIENCE_TURNS = 20;
/** Microtasks after which a cache that has only promises to wait for has come to rest. */
const REST_TICKS = 60;

/**
 * Plays one schedule: every operation begins when the scheduler says so, every answer of the source comes when it says
 * so. When all is over each key is read once more.
 */
export async function playSchedule(
  contestant: Contestant,
  program: Program,
  scheduler: Scheduler,
): Promise<Violation[]> {
  const cache = contestant.create(program.variant);
  const stage = new Stage(cache, scheduler);
  try {
    await allSettled(
      stage,
      program.operations,
      (operation) => stage.point(describeOperation(operation)),
      program,
      scheduler,
    );
    if (stage.violations.some(({ fault }) => fault === 'hung')) return stage.violations;
    for (const operation of KEYS.flatMap((key) => finalReads(key, contestant))) {
      await allSettled(stage, [operation], () => Promise.resolve(), program, scheduler);
    }
    for (const detail of cache.audit?.() ?? []) stage.report({ fault: 'unsound', detail });
    return stage.violations;
  } finally {
    await cache.close();
  }
}

/** What is cached, what is kept past its lifetime, and what a caller gets who wants neither. */
function finalReads(key: string, { manners }: Contestant): Operation[] {
  const read: Operation = { verb: 'get', key, tags: [], match: 'any', manner: 'plain', fails: false, ms: 0 };
  const stale = manners.filter((manner) => manner === 'stale-while-revalidate');
  return [read, ...[...stale, 'plain' as const].map((manner) => ({ ...read, verb: 'getOrSet' as const, manner }))];
}

async function allSettled(
  stage: Stage,
  operations: readonly Operation[],
  begins: (operation: Operation) => Promise<void>,
  { pauses }: Program,
  scheduler: Scheduler,
): Promise<void> {
  const open = new Set(operations);
  for (const operation of operations) {
    void begins(operation)
      .then(() => perform(stage, operation))
      .catch((error: unknown) => stage.rejected(describeOperation(operation), error))
      .finally(() => open.delete(operation));
  }
  await drive(scheduler, pauses, () => open.size === 0);
  for (const operation of open) stage.report({ fault: 'hung', detail: describeOperation(operation) });
}

async function perform(stage: Stage, operation: Operation): Promise<void> {
  const { verb } = operation;
  if (verb === 'get' || verb === 'getOrSet' || verb === 'getOrSetMany') await reads[verb](stage, operation);
  else await disturbances[verb](stage, operation);
}

/**
 * Runs what the scheduler picks, a few microtasks apart: not waiting for the cache to come to rest in between is what
 * finds the races inside of one turn.
 */
async function drive(scheduler: Scheduler, pauses: readonly number[], isOver: () => boolean): Promise<void> {
  let idleTurns = 0;
  for (let step = 0; idleTurns < PATIENCE_TURNS; step++) {
    if (scheduler.count() > 0) {
      idleTurns = 0;
      void scheduler.waitOne();
      await ticks(pauses[step % pauses.length]);
      continue;
    }
    await ticks(REST_TICKS);
    if (scheduler.count() > 0) continue;
    if (idleTurns > 0 && isOver()) return;
    idleTurns++;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function ticks(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await undefined;
}
