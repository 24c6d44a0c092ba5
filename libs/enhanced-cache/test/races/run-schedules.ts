import fc from 'fast-check';
import { playSchedule } from './play-schedule.js';
import { describeOperation, type Program, programs } from './program.js';
import type { Contestant } from './raced-cache.js';
import type { Fault, Violation } from './staleness-oracle.js';

/** What came out of many schedules. */
export interface RaceReport {
  readonly name: string;
  readonly seed: number;
  readonly schedules: number;
  /** Schedules with at least one such fault. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** The first schedule that went wrong, made as small as it gets; `undefined` where none did. */
  readonly smallest: string | undefined;
}

export interface RaceOptions {
  readonly schedules: number;
  readonly seed: number;
  /** Which faults are worth a {@link RaceReport.smallest}. @default any */
  readonly shrinks?: (violation: Violation) => boolean;
}

/** Plays `schedules` random programs in random orders; the same seed gives the same ones. */
export async function runSchedules(
  contestant: Contestant,
  variants: number,
  { schedules, seed, shrinks = () => true }: RaceOptions,
): Promise<RaceReport> {
  const arbitrary = await programsFor(contestant, variants);
  const faults: Partial<Record<Fault, number>> = {};
  let isWrong = false;
  const count = fc.asyncProperty(arbitrary, fc.scheduler(), async (program, scheduler) => {
    const violations = await playSchedule(contestant, program, scheduler);
    isWrong ||= violations.some(shrinks);
    for (const fault of new Set(violations.map((violation) => violation.fault)))
      faults[fault] = (faults[fault] ?? 0) + 1;
  });
  await fc.assert(count, { numRuns: schedules, seed });
  const smallest = isWrong ? await smallestOf(contestant, arbitrary, { schedules, seed, shrinks }) : undefined;
  return { name: contestant.name, seed, schedules, faults, smallest };
}

/** How many schedules it takes until one shows a stale read; `undefined` where none of `schedules` does. */
export async function schedulesUntilStale(
  contestant: Contestant,
  variants: number,
  { schedules, seed }: RaceOptions,
): Promise<number | undefined> {
  const fresh = fc.asyncProperty(
    await programsFor(contestant, variants),
    fc.scheduler(),
    async (program, scheduler) => {
      return !(await playSchedule(contestant, program, scheduler)).some(({ fault }) => fault === 'stale');
    },
  );
  const { failed, numRuns } = await fc.check(fresh, { numRuns: schedules, seed, endOnFailure: true });
  return failed ? numRuns : undefined;
}

async function programsFor(contestant: Contestant, variants: number): Promise<fc.Arbitrary<Program>> {
  const probe = contestant.create(0);
  await probe.close();
  return programs(probe, contestant.manners, variants);
}

async function smallestOf(
  contestant: Contestant,
  arbitrary: fc.Arbitrary<Program>,
  { schedules, seed, shrinks }: Required<RaceOptions>,
): Promise<string> {
  // Noted while it is played: a cache with timers of its own need not do the same again when it is replayed.
  let smallest = 'none: the same seed gave other schedules this time';
  const fail = fc.asyncProperty(arbitrary, fc.scheduler(), async (program, scheduler) => {
    const violations = await playSchedule(contestant, program, scheduler);
    if (!violations.some(shrinks)) return true;
    smallest = [
      ...program.operations.map((operation) => `  call   ${describeOperation(operation)}`),
      ...scheduler.report().map(({ taskId, label }) => `  step   ${taskId} ${label}`),
      ...violations.map(({ fault, detail }) => `  ${fault}: ${detail}`),
      `  variant ${program.variant}, pauses ${program.pauses.join(' ')}`,
    ].join('\n');
    return false;
  });
  const { counterexamplePath } = await fc.check(fail, { numRuns: schedules, seed });
  return `seed ${seed}, path ${counterexamplePath}\n${smallest}`;
}

/** One line for people: what was played and what came of it. */
export function lineOf({ name, seed, schedules, faults }: RaceReport): string {
  const counts = (['stale', 'refused', 'missing', 'hung', 'foreign', 'invented', 'unsound'] as const).map(
    (fault) => `${fault} ${faults[fault] ?? 0}`,
  );
  return `races ${name}: seed ${seed}, schedules ${schedules}, ${counts.join(', ')}`;
}
