import type { ScratchCache } from '../benchmark/benchmark.js';
import type { Clock, ClockTimer } from '../ports/clock.js';

/** How long the round trip may take, in milliseconds. */
export const ROUND_TRIP_DEADLINE_MS = 1000;

const KEY = 'health:round-trip';

/**
 * Sets a value in a scratch cache, gets it back, deletes it and finds it gone.
 *
 * The value is text of several kilobytes, so that the way through compression is tried too.
 *
 * @returns a sentence on the first step that went wrong, `undefined` where none did. Never rejects.
 */
export async function tryRoundTrip(createScratch: () => ScratchCache, clock: Clock): Promise<string | undefined> {
  let timer: ClockTimer | undefined;
  const deadline = new Promise<string>((resolve) => {
    const late = `a round trip did not end within ${ROUND_TRIP_DEADLINE_MS} ms`;
    timer = clock.schedule(() => resolve(late), ROUND_TRIP_DEADLINE_MS);
  });
  try {
    return await Promise.race([deadline, roundTrip(createScratch)]);
  } catch (error) {
    return `a round trip failed: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    timer?.cancel();
  }
}

async function roundTrip(createScratch: () => ScratchCache): Promise<string | undefined> {
  const scratch = createScratch();
  try {
    const value = { text: 'enhanced cache '.repeat(400), list: [1, 2, 3] };
    await scratch.set(KEY, value);
    if (JSON.stringify(await scratch.get(KEY)) !== JSON.stringify(value))
      return 'a value that was set did not come back as it was';
    if (!(await scratch.delete(KEY))) return 'a value that was set could not be deleted';
    if ((await scratch.get(KEY)) !== undefined) return 'a value that was deleted came back';
    return undefined;
  } finally {
    await scratch.close();
  }
}
