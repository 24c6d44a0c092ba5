import { describeOperation, type Operation } from './program.js';
import type { Versioned } from './raced-cache.js';
import type { Stage } from './stage.js';
import { KEYS, keysTagged, SourceFailure, tagsOf } from './versioned-source.js';

type Effect = 'removed' | 'expired';

/**
 * Changes the source and then, when the scheduler says so, tells the cache. What the source holds when the cache is told
 * is the least that may be seen once `tell` has resolved.
 */
async function change(
  stage: Stage,
  operation: Operation,
  keys: readonly string[],
  effect: Effect,
  tell: () => Promise<unknown> | undefined,
): Promise<void> {
  keys.forEach((key) => stage.source.write(key));
  await stage.point('source has committed');
  const values = keys.map((key) => stage.source.read(key));
  try {
    await tell();
    stage.oracle[effect](values);
  } catch (error) {
    stage.rejected(describeOperation(operation), error);
  }
}

/** The value is written through: the source and the cache in one step, as its own version tells. */
async function set(stage: Stage, operation: Operation): Promise<void> {
  const value = stage.source.write(operation.key);
  try {
    await stage.cache.set?.(value.key, value, tagsOf(value.key));
    stage.oracle.removed([value]);
  } catch (error) {
    stage.rejected(describeOperation(operation), error);
  }
}

/** Where nothing can be stored, the old value must be gone all the same. */
async function setRefused(stage: Stage, operation: Operation): Promise<void> {
  const value = stage.source.write(operation.key);
  const refused = await stage.cache.setRefused?.(value.key).then(
    () => false,
    () => true,
  );
  stage.oracle.removed([value]);
  if (!refused) stage.report({ fault: 'unsound', detail: `${describeOperation(operation)} stored what it cannot` });
}

async function evictAfter(stage: Stage, operation: Operation): Promise<void> {
  const { key, tags, match, fails } = operation;
  const what = operation.ms < 10_000 ? { key } : match === 'any' ? { tags } : { all: true };
  const keys = 'key' in what ? [key] : 'tags' in what ? keysTagged(tags, 'any') : KEYS;
  let values: Versioned[] = [];
  const transaction = async (): Promise<void> => {
    await stage.point('transaction ends');
    if (fails) throw new SourceFailure();
    values = keys.map((changed) => stage.source.write(changed));
    await stage.point('commit is acknowledged');
  };
  try {
    await stage.cache.evictAfter?.(transaction(), what);
    stage.oracle.removed(values);
  } catch (error) {
    stage.rejected(describeOperation(operation), error);
  }
}

/** What is brought in is read at the source one by one, while everything else goes on. */
async function* slowly(stage: Stage): AsyncGenerator<Versioned, void, undefined> {
  for (const key of KEYS) {
    const value = stage.source.read(key);
    await stage.point(`next entry is ${key}`);
    yield value;
  }
}

async function bringIn(stage: Stage, verb: 'warmUp' | 'import'): Promise<void> {
  try {
    await stage.cache[verb]?.(slowly(stage), tagsOf);
  } catch (error) {
    stage.rejected(verb, error);
  }
}

type Disturb = (stage: Stage, operation: Operation) => Promise<void> | void;

/** What each verb that is no read does to the source and the cache. */
export const disturbances: Readonly<Record<Exclude<Operation['verb'], 'get' | 'getOrSet' | 'getOrSetMany'>, Disturb>> =
  {
    set,
    setRefused,
    evictAfter,
    delete: (stage, operation) =>
      change(stage, operation, [operation.key], 'removed', () => stage.cache.delete(operation.key)),
    deleteByTags: (stage, operation) => {
      const { tags, match } = operation;
      return change(stage, operation, keysTagged(tags, match), 'removed', () =>
        stage.cache.deleteByTags?.(tags, match),
      );
    },
    clear: (stage, operation) => change(stage, operation, KEYS, 'removed', () => stage.cache.clear?.()),
    expire: (stage, operation) =>
      change(stage, operation, [operation.key], 'expired', () => stage.cache.expire?.(operation.key)),
    expireTags: (stage, operation) => {
      const { tags } = operation;
      return change(stage, operation, keysTagged(tags, 'any'), 'expired', () => stage.cache.expireTags?.(tags));
    },
    touch: async (stage, { key }) => {
      await stage.cache.touch?.(key);
    },
    warmUp: (stage) => bringIn(stage, 'warmUp'),
    import: (stage) => bringIn(stage, 'import'),
    advance: (stage, { ms }) => stage.cache.advance?.(ms),
  };
