import fc from 'fast-check';
import type { SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { SlotWorld, type VerifiablePolicy } from '../support/slot-world.js';
import { LOADS, type Operation, operations, perform } from './eviction-policy.model-check.js';

const RUNS = 40;

/**
 * Seeded random operations of all kinds on a policy that no naive model describes: after each of them the structures are
 * derived anew, the residents are those of the store, and the same operations give the same victims.
 */
export function playOperations(name: string, factory: (traits: SlotTraits) => VerifiablePolicy): void {
  it(`${name} keeps its structures whole and repeats itself, over random operations`, () => {
    fc.assert(fc.property(fc.constantFrom(...Object.keys(LOADS)), fc.integer({ min: 1, max: 300 }), operations, run), {
      seed: 20_260_102,
      numRuns: RUNS,
      endOnFailure: true,
    });
  }, 120_000);

  function run(load: string, maxEntries: number, played: readonly Operation[]): void {
    const world = new SlotWorld(factory, maxEntries);
    const twin = new SlotWorld(factory, maxEntries);
    played.forEach((operation, i) => {
      const left = perform(world, factory, LOADS[load], operation);
      if (world.policy.verify() !== world.size) throw new Error(`operation ${i}: not the residents of the store`);
      if (left.join() !== perform(twin, factory, LOADS[load], operation).join())
        throw new Error(`operation ${i} differs`);
      if (world.size > world.maxEntries) throw new Error(`operation ${i}: ${world.size} entries`);
    });
  }
}
