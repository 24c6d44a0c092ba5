import { setTimeout as pause } from 'node:timers/promises';

/** As often the collector has to find nothing more before what is left counts as held. */
const COLLECTIONS = 4;
const PAUSE_MS = 10;

/**
 * Bytes that are still reachable, and the size of the process, which also has what the allocators keep for later. Needs
 * `--expose-gc`.
 */
export async function retained() {
  // External memory is given back by finalizers, which run between turns of the event loop.
  for (let i = 0; i < COLLECTIONS; i++) {
    globalThis.gc();
    await pause(PAUSE_MS);
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { bytes: heapUsed + external, rssBytes: rss };
}
