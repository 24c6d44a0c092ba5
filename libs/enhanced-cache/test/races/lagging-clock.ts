import { FakeClock } from '../../src/engine/ports/fake-clock.js';

/** How far the coarse reading can be behind, in milliseconds; as far as in production. */
const LAG_MS = 5;

/** Stands still until it is moved; its coarse reading is behind the exact one, as that of a real clock is. */
export class LaggingClock extends FakeClock {
  override coarseNow(): number {
    return Math.floor(this.now() / LAG_MS) * LAG_MS;
  }
}
