import { types } from 'node:util';
import { describe, InvalidValueError } from '../errors.js';
import { childrenOf } from './children.js';
import { refusalOf } from './refusal.js';

/** Steps shown at either end of a path that is longer than both together. */
const SHOWN_STEPS = 20;

interface Step {
  readonly value: unknown;
  readonly step: string;
  readonly parent: Step | undefined;
}

/**
 * The error for a value that a walk refused, with the path of the first part that cannot be stored, breadth first.
 *
 * @param thrown what an accessor threw during the walk, if that is why it ended.
 */
export function locateRefusal(value: unknown, thrown?: unknown): InvalidValueError {
  let failure: unknown;
  const found = firstStep(
    value,
    (part) => refusalOf(part) !== undefined,
    (error) => (failure = error),
  );
  const reason = found && refusalOf(found.value);
  if (found && reason !== undefined) return new InvalidValueError(pathOf(found), reason);
  if (found)
    return new InvalidValueError(pathOf(found), `reading it failed: ${messageOf(failure)}`, { cause: failure });
  return new InvalidValueError('value', `reading it failed: ${messageOf(thrown)}`, { cause: thrown });
}

/** Path of `part` inside `value`, as one would write it: `value.items[3].onClick`. */
export function pathTo(value: unknown, part: object): string {
  const found = firstStep(
    value,
    (candidate) => candidate === part,
    () => undefined,
  );
  return found ? pathOf(found) : 'value';
}

/**
 * Walks breadth first, so that the shortest path is named.
 *
 * @param onFailure called where an accessor throws; the walk ends there, at the accessor's own step.
 */
function firstStep(
  root: unknown,
  matches: (value: unknown) => boolean,
  onFailure: (error: unknown) => void,
): Step | undefined {
  const queue: Step[] = [{ value: root, step: '', parent: undefined }];
  const seen = new Set<unknown>();
  for (let next = 0; next < queue.length; next++) {
    const parent = queue[next];
    if (matches(parent.value)) return parent;
    if (typeof parent.value !== 'object' || parent.value === null || seen.has(parent.value)) continue;
    seen.add(parent.value);
    for (const { step, read } of childrenOf(parent.value)) {
      try {
        queue.push({ value: read(), step, parent });
      } catch (error) {
        onFailure(error);
        return { value: undefined, step, parent };
      }
    }
  }
  return undefined;
}

function pathOf(last: Step): string {
  const steps: string[] = [];
  for (let step: Step | undefined = last; step?.parent; step = step.parent) steps.push(step.step);
  steps.reverse();
  if (steps.length > 2 * SHOWN_STEPS) steps.splice(SHOWN_STEPS, steps.length - 2 * SHOWN_STEPS, ' … ');
  return `value${steps.join('')}`;
}

function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : describe(error);
}
