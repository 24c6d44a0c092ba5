import type { SlotTraits } from './eviction-policy.js';

/**
 * The victim where priority ranks first: `other`, the lowest ranked of all residents but `newcomer`, or `newcomer`
 * itself, which is turned away where even `other` has the higher priority.
 *
 * Both may be `-1`: no newcomer, nothing else resident.
 */
export function lowerRanked(traits: SlotTraits, newcomer: number, other: number): number {
  if (newcomer === -1 || other === -1) return other;
  return traits.priority(newcomer) < traits.priority(other) ? newcomer : other;
}
