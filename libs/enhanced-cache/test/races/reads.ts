import { describeOperation, type Operation } from './program.js';
import { servesStale } from './raced-cache.js';
import { Abandoned, type Stage } from './stage.js';
import { ALIKE_KEYS, tagsOf } from './versioned-source.js';

export async function getOrSet(stage: Stage, operation: Operation): Promise<void> {
  const { key, manner, fails } = operation;
  const floor = stage.oracle.floorOf(key, servesStale(manner));
  const caller = new AbortController();
  if (manner === 'abandoned') void stage.point('caller leaves').then(() => caller.abort(new Abandoned()));
  try {
    const answer = await stage.cache.getOrSet(key, stage.loadOf(key, fails), tagsOf(key), manner, caller.signal);
    if (answer) stage.report(stage.oracle.judge(key, answer, floor, stage.source.versionOf(key)));
    else stage.report({ fault: 'missing', detail: `getOrSet(${key}) answered nothing` });
  } catch (error) {
    stage.rejected(describeOperation(operation), error);
  }
}

/** One call for all {@link ALIKE_KEYS}. */
export async function getOrSetMany(stage: Stage, operation: Operation): Promise<void> {
  const { manner, fails } = operation;
  const floors = ALIKE_KEYS.map((key) => stage.oracle.floorOf(key, servesStale(manner)));
  const loadMany = (keys: readonly string[]) => stage.readMany(keys, fails);
  try {
    const answers = await stage.cache.getOrSetMany?.(ALIKE_KEYS, loadMany, tagsOf(ALIKE_KEYS[0]), manner);
    ALIKE_KEYS.forEach((key, i) => {
      const answer = answers?.get(key);
      if (answer) stage.report(stage.oracle.judge(key, answer, floors[i], stage.source.versionOf(key)));
      else stage.report({ fault: 'missing', detail: `getOrSetMany answered nothing for ${key}` });
    });
  } catch (error) {
    stage.rejected(describeOperation(operation), error);
  }
}

export async function get(stage: Stage, { key }: Pick<Operation, 'key'>): Promise<void> {
  const floor = stage.oracle.floorOf(key, false);
  try {
    const answer = await stage.cache.get(key);
    if (answer) stage.report(stage.oracle.judge(key, answer, floor, stage.source.versionOf(key)));
  } catch (error) {
    stage.rejected(`get(${key})`, error);
  }
}
