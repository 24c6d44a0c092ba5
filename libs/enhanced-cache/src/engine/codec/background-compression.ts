import type { Clock } from '../ports/clock.js';
import type { DeferralGate } from './payload-packer.js';
import type { StoredValue } from './value-codec.js';

/** At most so many jobs are under way; the thread pool of libuv has four threads, which files and DNS need too. */
const MAX_RUNNING = 2;
/** At most so many bytes wait or are under way, and at most this share of what the cache may hold. */
const MAX_BYTES = 8 * 1024 * 1024;
const SHARE_OF_CACHE = 1 / 16;

/** The place of the entries, as far as it concerns those who make them smaller. */
export interface CompressionTarget {
  readonly limits: { readonly maxBytes: number };
  /** Whether the entry in `slot` is still stored as `form`. */
  holds(slot: number, form: StoredValue): boolean;
  /** Puts `smaller`, another form of the same value, in the place of `form`. False where that is not there any more. */
  swap(slot: number, form: StoredValue, smaller: StoredValue): boolean;
}

/** What happens to deferred payloads is counted in. */
export interface BackgroundCounts {
  /** Large values made smaller after they were stored. */
  backgroundCompressions: number;
  /** Those for which it came too late: the entry had left or changed. */
  lateCompressions: number;
  /** Large values compressed at once, on the calling thread, because too many were waiting. */
  undeferredCompressions: number;
  /** Compressions that failed; the value stays as it is. */
  failedCompressions: number;
}

interface Job {
  readonly slot: number;
  readonly form: StoredValue;
}

/**
 * Makes large values smaller after they were stored, on another thread.
 *
 * A value is in the cache, uncompressed, from the moment it was set. Its smaller form takes the place of the very form that
 * it was made from and of no other, so nothing has to be fenced: whatever happened to the entry meanwhile, it never
 * gets a value back that it no longer has.
 *
 * Bounded in jobs and in bytes. A single payload above the bound in bytes is taken where nothing else waits, as it
 * would hold the loop the longest. Whoever is turned away compresses at once.
 *
 * A job on another thread keeps the process alive until it ends, some milliseconds, and nothing can change that. So those
 * that wait begin together, from a timer that keeps nothing alive, once none is under way: a process that has nothing
 * else to do ends after the jobs that it is at.
 */
export class BackgroundCompression implements DeferralGate {
  readonly #waiting: Job[] = [];
  readonly #closing = new AbortController();
  #running = 0;
  #bytes = 0;

  constructor(
    private readonly target: CompressionTarget,
    private readonly clock: Clock,
    private readonly counts: BackgroundCounts,
    /** Hears of each failure that is counted. */
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Bytes of the values that wait or are under way, before compression. */
  get pendingBytes(): number {
    return this.#bytes;
  }

  accepts(sizeBytes: number): boolean {
    if (this.#closing.signal.aborted) return false;
    const limit = Math.min(MAX_BYTES, this.target.limits.maxBytes * SHARE_OF_CACHE);
    if (this.#bytes === 0 || this.#bytes + sizeBytes <= limit) return true;
    this.counts.undeferredCompressions++;
    return false;
  }

  /** To be called once `form`, which is deferred, stands in `slot`. */
  submit(slot: number, form: StoredValue): void {
    if (this.#closing.signal.aborted) return;
    this.#bytes += form.originalBytes;
    this.#waiting.push({ slot, form });
    // Those who wait for their turn already begin together, from the timer.
    if (this.#waiting.length === 1) this.#fill();
  }

  /** Lets go of all jobs; what they make is not used. Nothing is accepted afterwards. */
  close(): void {
    this.#closing.abort();
    for (const { form } of this.#waiting.splice(0)) this.#bytes -= form.originalBytes;
  }

  /** Lets jobs begin while there is room for them. */
  #fill(): void {
    while (this.#running < MAX_RUNNING) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      if (this.target.holds(job.slot, job.form)) void this.#run(job);
      else this.#end(job, 'lateCompressions');
    }
  }

  async #run(job: Job): Promise<void> {
    const { slot, form } = job;
    this.#running++;
    let outcome: keyof BackgroundCounts | undefined;
    try {
      const smaller = await form.deferred?.offLoop(this.#closing.signal);
      if (smaller && !this.#closing.signal.aborted) {
        outcome = this.target.swap(slot, form, smaller) ? 'backgroundCompressions' : 'lateCompressions';
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) {
        outcome = 'failedCompressions';
        this.failed(error);
      }
    } finally {
      this.#running--;
      this.#end(job, outcome);
      if (this.#running === 0 && this.#waiting.length > 0) this.clock.schedule(() => this.#fill(), 0);
    }
  }

  #end({ form }: Job, outcome: keyof BackgroundCounts | undefined): void {
    this.#bytes -= form.originalBytes;
    if (outcome !== undefined) this.counts[outcome]++;
  }
}
