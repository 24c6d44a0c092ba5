import { createHook } from 'node:async_hooks';
import { heldTick } from './held-tick.js';

/** One of the objects that `process.nextTick()` queues, as a hook sees it. */
function queuedTick(): object | undefined {
  let seen: object | undefined;
  const hook = createHook({
    init: (_id, type, _trigger, resource) => {
      if (type === 'TickObject') seen = resource;
    },
  });
  hook.enable();
  process.nextTick(() => undefined);
  hook.disable();
  return seen;
}

/** Storages of async contexts put a symbol of theirs on objects that are there already. */
const isOfLiteral = (key: string | symbol): boolean => !String(key).includes('kResourceStore');

it('holds one of the objects that nextTick queues', async () => {
  await new Promise((resolve) => process.nextTick(resolve));
  const keys = Reflect.ownKeys(queuedTick()!).filter(isOfLiteral);
  expect(keys).toContain('callback');
  expect(Reflect.ownKeys(heldTick()!).filter(isOfLiteral)).toEqual(keys);
});
