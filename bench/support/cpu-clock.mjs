import { existsSync, openSync, readSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const SCHEDSTAT = '/proc/self/schedstat';
const RECORD_BYTES = 64;
const CALIBRATION_READS = 25;

/**
 * The time for which the main thread of this process was on a CPU, in nanoseconds: what others do on the machine, and
 * the garbage collector's other threads, are not in it. Linux tells it for one thread, most kernels at least; elsewhere it is
 * wall time.
 *
 * @returns {{ name: string, now: () => number, costNs: number }} `costNs` is what two reads without anything between
 *   them give; take it off.
 */
export function cpuClock() {
  const clock = threadClock() ?? wallClock();
  const empty = Array.from({ length: CALIBRATION_READS }, () => -clock.now() + clock.now()).sort((a, b) => a - b);
  return { ...clock, costNs: empty[CALIBRATION_READS >> 1] };
}

function threadClock() {
  if (!existsSync(SCHEDSTAT)) return undefined;
  const file = openSync(SCHEDSTAT, 'r');
  const record = Buffer.alloc(RECORD_BYTES);
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const now = () => {
    // The kernel brings the figure up to date at its ticks, 1 to 10 ms apart, and whenever the thread leaves the CPU.
    Atomics.wait(cell, 0, 0, 0.001);
    const length = readSync(file, record, 0, RECORD_BYTES, 0);
    return Number.parseInt(record.latin1Slice(0, length), 10);
  };
  // A kernel that does not account for it says 0.
  return now() > 0 ? { name: `CPU time of the main thread (${SCHEDSTAT})`, now } : undefined;
}

function wallClock() {
  return { name: 'wall time (performance.now)', now: () => performance.now() * 1e6 };
}
