import fc from 'fast-check';
import type { RemovalCause, SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { type EntryTraits, SlotWorld, type VerifiablePolicy } from '../support/slot-world.js';

type Factory = (traits: SlotTraits) => VerifiablePolicy;
/** What to do (0 to 99), to which key, with which traits. */
export type Operation = readonly [what: number, key: number, traits: number, more: number];

const RUNS = 100;
const OPERATIONS_A_RUN = 2000;
const KEYS = 64;
const MOST_ENTRIES = 48;

const WEIGHTS = [1, 1, 2, 50, 100, 1000, 65_536, 1e9];
const COSTS = [0, 1e-4, 0.5, 1, 1, 30, 3600, 1e6];
const PRIORITIES = [-100, -1, 0, 0, 0, 0, 1, 100];
const CAUSES: readonly RemovalCause[] = ['deleted', 'expired', 'invalidated', 'cleared'];

/** Entries of all kinds; all alike, where only history and ties count; all of the greatest value, where ages soar. */
export const LOADS: Record<string, (traits: number, more: number) => Partial<EntryTraits>> = {
  mixed: (traits, more) => ({
    weight: WEIGHTS[traits & 7],
    cost: COSTS[(traits >> 3) & 7],
    priority: PRIORITIES[more & 7],
    expiresAt: more & 8 ? Infinity : traits % 50,
  }),
  alike: () => ({}),
  dear: (traits, more) => ({ weight: 1 + (traits & 3), cost: 100 * (more & 7) }),
};

export const operations = fc.array(fc.tuple(fc.nat(99), fc.nat(KEYS - 1), fc.nat(255), fc.nat(15)), {
  minLength: OPERATIONS_A_RUN,
  maxLength: OPERATIONS_A_RUN,
  size: 'max',
});

/**
 * {@link RUNS} x {@link OPERATIONS_A_RUN} seeded operations on two worlds, one run by the policy and one by `model`: the
 * same entries have to leave in the same order. The policy's structures are re-derived after every operation, which is
 * affordable with at most {@link MOST_ENTRIES} entries and points at the operation that broke them.
 */
export function describeAgainstModel(name: string, factory: Factory, model: Factory): void {
  it(`names the victims that a naive ${name} names, over ${RUNS * OPERATIONS_A_RUN} operations`, () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(LOADS)), fc.integer({ min: 1, max: MOST_ENTRIES }), operations, run),
      { seed: 20_260_101, numRuns: RUNS, endOnFailure: true },
    );
  }, 60_000);

  function run(load: string, maxEntries: number, played: readonly Operation[]): void {
    const world = new SlotWorld(factory, maxEntries);
    const reference = new SlotWorld(model, maxEntries);
    played.forEach((operation, i) => {
      const left = perform(world, factory, LOADS[load], operation);
      const expected = perform(reference, model, LOADS[load], operation);
      if (left.join() !== expected.join()) throw new Error(`operation ${i}: [${left}] left, not [${expected}]`);
      const found = world.policy.verify();
      if (found !== reference.size) throw new Error(`operation ${i}: ${found} residents, not ${reference.size}`);
    });
  }
}

/** @returns the keys that left, or that would leave. */
export function perform(
  world: SlotWorld,
  factory: Factory,
  traitsOf: (traits: number, more: number) => Partial<EntryTraits>,
  [what, keyNumber, traits, more]: Operation,
): string[] {
  const key = `key-${keyNumber}`;
  if (what < 45) return world.set(key, traitsOf(traits, more));
  if (what < 80) world.hit(key, 1 + (more & 3));
  else if (what < 82) world.resize(key, traitsOf(more, traits).weight ?? 1 + traits);
  else if (what < 87) world.touch(key, traits % 50);
  else if (what < 92) world.remove(key, CAUSES[more & 3]);
  else if (what < 94) {
    world.maxEntries = 1 + (traits % MOST_ENTRIES);
    return world.evictFor(-1);
  } else if (what < 99) return [String(world.victim())];
  // Rare enough for ages and counts to build up in between.
  else if (traits < 32) world.adopt(factory);
  return [];
}
