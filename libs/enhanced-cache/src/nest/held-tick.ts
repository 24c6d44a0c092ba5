/**
 * Keeps `process.nextTick()` as fast as it is in a young process, for every entry point of the package that is for Nest.
 *
 * What is queued there is an object literal with computed keys. Once no object of its shape is alive for three collections, V8
 * forgets the shape; the next one gets a new shape, and the code that makes such objects, which counts on one shape, treats them
 * as any objects from then on (`Runtime_DefineKeyedOwnPropertyInLiteral`). Ticks live so shortly that collections seldom see one:
 * sooner or later, some processes while they start, a tick takes five times as long for the rest of the process's life, and a
 * request over HTTP takes ten. One that is held keeps the shape alive. Measured by `npm run bench:next-tick`.
 *
 * That is done as this module is evaluated, since nothing brings back what is lost. Where ticks are no such literals, an object is
 * held for nothing.
 */
import { executionAsyncResource } from 'node:async_hooks';

let held: object | undefined;

// No hook tells of it: hooks that are on for a moment make promises slower for good.
process.nextTick(() => {
  held = executionAsyncResource();
});

/** What is held: an object that `process.nextTick()` queued; `undefined` until the first tick is over. */
export function heldTick(): object | undefined {
  return held;
}
