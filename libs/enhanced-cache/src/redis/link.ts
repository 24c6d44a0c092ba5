import { performance } from 'node:perf_hooks';
import type { Clock, ClockTimer } from '../engine/ports/clock.js';
import {
  AwayError,
  DeadlineError,
  describeFailure,
  failureKind,
  isFatal,
  isOurFault,
  isUnresponsive,
} from './failure-kind.js';
import type { LineListener, LineSubject, OpenLine, RedisArgument, RedisLine } from './redis-line.js';

export interface LinkTimes {
  /** Longest that an answer is waited for, in milliseconds. */
  readonly deadlineMs: number;
  /** Longest that opening a connection may take, in milliseconds. */
  readonly connectDeadlineMs: number;
  /** Between two heartbeats, and the longest that one is waited for, in milliseconds. */
  readonly heartbeatMs: number;
  /** Between a loss and the next attempt: this long at first, doubled with each attempt that fails, in milliseconds. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
}

/** Commands that fail one after the other, as Redis does not answer, before the connection is given up. */
const MAX_UNANSWERED = 5;
/** Retries come up to so much sooner, at random, so that instances do not come back all at once. */
const RETRY_JITTER = 0.5;

/**
 * A deadline is held against Redis only if this process's event loop had nothing to do for this share of it at least. While it
 * stands still, or works off a burst, answers lie there unread, and commands that were not even written yet.
 */
const LISTENED_SHARE = 0.5;

/** Milliseconds for which the event loop has waited for something to do, since it started. */
const loopIdleMs = (): number => performance.eventLoopUtilization().idle;

/** What is done over a link. */
export interface LinkUser extends Pick<LineListener, 'changed' | 'message'> {
  /** The line is open. The link counts as joined when this resolves, and is given up when it rejects. */
  join(line: RedisLine): Promise<void>;
  /** Joined now. */
  joined(): void;
  /** An attempt to join failed. */
  tried(): void;
  /** Out of reach from now on. */
  lost(reason: string): void;
  /** Called regularly while joined; a rejection gives the line up. */
  beat(line: RedisLine): Promise<void>;
  /** Something failed, of this kind. */
  failed(kind: string, error: unknown): void;
}

/**
 * Keeps one line to Redis open, and says whether it can be relied upon.
 *
 * It is `away` from the first sign that something may not have been heard: the line is closed then and another one is opened,
 * again and again. While it is away every call fails at once; this is its circuit breaker.
 */
export class Link {
  #line: RedisLine | undefined;
  #joined = false;
  #unanswered = 0;
  /** Whether the last heartbeat had no answer, as this process was busy: that is believed once. */
  #hasMissedBeat = false;
  /** When a command was last answered in time. */
  #answeredAt = -Infinity;
  /** When a command was last answered at all. */
  #heardAt = -Infinity;
  #retries = 0;
  #attempt: AbortController | undefined;
  #timer: ClockTimer | undefined;
  #closed = false;
  #since: number;
  #reason: string | null = 'not connected yet';

  constructor(
    private readonly open: OpenLine,
    private readonly subject: LineSubject,
    private readonly times: LinkTimes,
    private readonly user: LinkUser,
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
    private readonly idleMs: () => number = loopIdleMs,
  ) {
    this.#since = clock.now();
  }

  get joined(): boolean {
    return this.#joined;
  }

  /** The line while it is joined: two calls with the same line have missed nothing in between. */
  get line(): RedisLine | undefined {
    return this.#joined ? this.#line : undefined;
  }

  /** Why it is away; `null` where it is not. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Milliseconds since it was joined or lost. */
  get stateMs(): number {
    return this.clock.now() - this.#since;
  }

  start(): void {
    this.#attempt ??= new AbortController();
    void this.#connect(this.#attempt);
  }

  /**
   * Sends a command over the line that is joined.
   *
   * Rejects where Redis refuses it, does not answer in time, or is out of reach; what that means for the link is seen to.
   */
  call(name: string | undefined, args: readonly RedisArgument[]): Promise<unknown> {
    const line = this.line;
    return line ? this.ask(line, name, args) : Promise.reject(new AwayError());
  }

  /** {@link call} over a line that need not be joined yet. */
  ask(
    line: RedisLine,
    name: string | undefined,
    args: readonly RedisArgument[],
    deadlineMs = this.times.deadlineMs,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // Once more around the loop: while this process itself stood still, the answer may have come.
      const late = (): void => this.clock.defer(() => fail(new DeadlineError(deadlineMs, isOurs())));
      const idleBefore = this.idleMs();
      const isOurs = (): boolean => this.idleMs() - idleBefore < deadlineMs * LISTENED_SHARE;
      const timer = this.clock.schedule(late, deadlineMs);
      let settled = false;
      const fail = (error: unknown): void => {
        if (settled) return;
        settled = true;
        timer.cancel();
        this.#noteFailure(line, error);
        reject(error as Error);
      };
      line.send(name, args).then((reply) => {
        this.#heardAt = this.clock.now();
        // What comes too late says nothing good of the line.
        if (settled) return;
        settled = true;
        this.#unanswered = 0;
        this.#answeredAt = this.clock.now();
        timer.cancel();
        resolve(reply);
      }, fail);
    });
  }

  /** Gives the line up: what is heard on it is not to be relied upon. */
  lose(line: RedisLine, error: unknown): void {
    if (line !== this.#line) return;
    this.#line = undefined;
    line.close();
    this.#away(describeFailure(error));
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#attempt?.abort(new AwayError());
    this.#line?.close();
    this.#line = undefined;
    this.#joined = false;
    this.#reason = 'closed';
  }

  async #connect(attempt: AbortController): Promise<void> {
    const { connectDeadlineMs } = this.times;
    const timer = this.clock.schedule(() => attempt.abort(new DeadlineError(connectDeadlineMs)), connectDeadlineMs);
    let line: RedisLine | undefined;
    const heard = (handle: () => void): void => {
      if (line === undefined || line !== this.#line) return;
      try {
        handle();
      } catch (error) {
        // What was not handled was not heard.
        this.user.failed('MESSAGE', error);
        this.lose(line, error);
      }
    };
    const listener: LineListener = {
      changed: (name) => heard(() => this.user.changed(name)),
      message: (text) => heard(() => this.user.message(text)),
      lost: (error) => {
        if (line !== undefined && line === this.#line) {
          this.user.failed('CONNECTION', error);
          this.lose(line, error);
        }
      },
    };
    try {
      line = await withSignal(this.open(this.subject, listener, attempt.signal), attempt.signal);
      timer.cancel();
      if (this.#closed) return line.close();
      this.#line = line;
      await this.user.join(line);
      if (this.#line !== line) return;
      this.#joined = true;
      this.#unanswered = 0;
      this.#hasMissedBeat = false;
      this.#retries = 0;
      this.#since = this.clock.now();
      this.#reason = null;
      this.user.joined();
      this.#beatLater(line);
    } catch (error) {
      timer.cancel();
      if (this.#closed) return;
      // Given up while it was joining: whoever did so has seen to the next attempt.
      if (line !== undefined && line !== this.#line) return;
      this.user.failed(failureKind(error), error);
      if (line === undefined) this.#away(describeFailure(error));
      else this.lose(line, error);
    }
  }

  #away(reason: string): void {
    if (this.#closed) return;
    const wasJoined = this.#joined;
    this.#joined = false;
    this.#reason = reason;
    if (wasJoined) this.#since = this.clock.now();
    this.#timer?.cancel();
    const { firstRetryMs, lastRetryMs } = this.times;
    const delayMs = Math.min(firstRetryMs * 2 ** this.#retries++, lastRetryMs) * (1 - RETRY_JITTER * this.random());
    this.#timer = this.clock.schedule(() => {
      this.#attempt = new AbortController();
      void this.#connect(this.#attempt);
    }, delayMs);
    if (wasJoined) this.user.lost(reason);
    else this.user.tried();
  }

  #beatLater(line: RedisLine): void {
    this.#timer = this.clock.schedule(() => {
      this.user.beat(line).then(
        () => {
          this.#hasMissedBeat = false;
          if (line === this.#line) this.#beatLater(line);
        },
        (error: unknown) => {
          if (line !== this.#line) return;
          // Behind many commands a heartbeat takes its time. That something is answered will do until the next one.
          const isBusy = failureKind(error) === 'TIMEOUT' && this.clock.now() - this.#heardAt < this.times.heartbeatMs;
          const isExcused = isOurFault(error) && !this.#hasMissedBeat;
          this.#hasMissedBeat = isExcused;
          if (isBusy || isExcused) this.#beatLater(line);
          else this.lose(line, error);
        },
      );
    }, this.times.heartbeatMs);
  }

  #noteFailure(line: RedisLine, error: unknown): void {
    const kind = failureKind(error);
    this.user.failed(kind, error);
    if (line !== this.#line) return;
    if (isOurFault(error)) return;
    if (isFatal(kind)) this.lose(line, error);
    else if (!isUnresponsive(kind)) this.#unanswered = 0;
    // Redis answers, in time, what it gets to: many commands were sent at once.
    else if (this.clock.now() - this.#answeredAt < this.times.deadlineMs) return;
    else if (++this.#unanswered >= MAX_UNANSWERED) this.lose(line, error);
  }
}

/** Settles with `work`, or rejects when `signal` is aborted. What `work` brings too late is closed. */
function withSignal(work: Promise<RedisLine>, signal: AbortSignal): Promise<RedisLine> {
  return new Promise((resolve, reject) => {
    const givenUp = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', givenUp, { once: true });
    work.then(
      (line) => {
        signal.removeEventListener('abort', givenUp);
        if (signal.aborted) line.close();
        else resolve(line);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', givenUp);
        reject(error as Error);
      },
    );
  });
}
