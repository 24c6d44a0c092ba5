import { FakeClock } from '../engine/ports/fake-clock.js';
import { Link, type LinkTimes, type LinkUser } from './link.js';
import type { LineListener, RedisArgument, RedisLine } from './redis-line.js';

const TIMES: LinkTimes = {
  deadlineMs: 250,
  connectDeadlineMs: 2000,
  heartbeatMs: 1000,
  firstRetryMs: 50,
  lastRetryMs: 1000,
};
const SUBJECT = { prefixes: ['p|v|'], channel: 'p|c' };
/** Commands without an answer after which a line is given up. */
const MOST_UNANSWERED = 5;

class FakeLine implements RedisLine {
  readonly ordered = true;
  readonly sent: { args: readonly RedisArgument[]; answer(reply: unknown): void; refuse(error: unknown): void }[] = [];
  closed = false;

  constructor(readonly listener: LineListener) {}

  send(_name: string | undefined, args: readonly RedisArgument[]): Promise<unknown> {
    return new Promise((answer, refuse) => this.sent.push({ args, answer, refuse }));
  }

  close(): void {
    this.closed = true;
  }
}

class ReplyError extends Error {}

/** What is promised settles in microtasks, and the clock defers to the next turn. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A link over lines that do nothing by themselves, in a process whose loop is idle unless it is said to be busy. */
class World {
  readonly clock = new FakeClock();
  readonly lines: FakeLine[] = [];
  readonly told: string[] = [];
  refusals = 0;
  beats: { resolve(): void; reject(error: unknown): void }[] = [];
  #busyMs = 0;
  #workSince: number | undefined;
  readonly link: Link;

  constructor(user: Partial<LinkUser> = {}) {
    const all: LinkUser = {
      changed: (name) => void this.told.push(`changed ${name}`),
      message: (text) => void this.told.push(`message ${text}`),
      join: async () => undefined,
      joined: () => void this.told.push('joined'),
      tried: () => void this.told.push('tried'),
      lost: (reason) => void this.told.push(`lost: ${reason}`),
      beat: () => new Promise((resolve, reject) => void this.beats.push({ resolve, reject })),
      failed: (kind) => void this.told.push(`failed ${kind}`),
      ...user,
    };
    const open = async (_subject: unknown, listener: LineListener): Promise<RedisLine> => {
      if (this.refusals-- > 0) throw new Error('connect ECONNREFUSED');
      const line = new FakeLine(listener);
      this.lines.push(line);
      return line;
    };
    const random = () => 0;
    this.link = new Link(open, SUBJECT, TIMES, all, this.clock, random, () => this.#idleMs());
  }

  async joined(): Promise<FakeLine> {
    this.link.start();
    await settled();
    expect(this.link.joined).toBe(true);
    return this.lines.at(-1) as FakeLine;
  }

  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settled();
  }

  /** Time in which this process does something else: its loop waits for nothing. */
  async work(ms: number): Promise<void> {
    this.#workSince = this.clock.now();
    await this.pass(ms);
    this.#busyMs += ms;
    this.#workSince = undefined;
  }

  #idleMs(): number {
    return (this.#workSince ?? this.clock.now()) - this.#busyMs;
  }

  /** As many calls as would give the line up; how each ends. */
  calls(count = MOST_UNANSWERED): Promise<string>[] {
    return Array.from({ length: count }, () =>
      this.link.call('p|v|a', ['GET', 'p|v|a']).then(String, (error: Error) => error.message),
    );
  }
}

describe('Link', () => {
  it('gives the answer of the line', async () => {
    const world = new World();
    const line = await world.joined();
    const [call] = world.calls(1);
    line.sent[0].answer('there');
    expect(await call).toBe('there');
    expect(world.clock.pendingTimers).toBe(1);
  });

  it('rejects a call at its deadline, to the millisecond, and what comes later changes nothing', async () => {
    const world = new World();
    const line = await world.joined();
    let ended = '';
    void world.calls(1)[0].then((end) => (ended = end));
    await world.pass(TIMES.deadlineMs - 1);
    expect(ended).toBe('');
    await world.pass(1);
    expect(ended).toBe('no answer within 250 ms');
    line.sent[0].answer('late');
    await settled();
    expect(world.link.joined).toBe(true);
    expect(world.told).toEqual(['joined', 'failed TIMEOUT']);
  });

  it('gives the line up after five calls without an answer, not after four', async () => {
    const world = new World();
    const line = await world.joined();
    await world.pass(TIMES.deadlineMs);
    const calls = world.calls(MOST_UNANSWERED - 1);
    await world.pass(TIMES.deadlineMs);
    await Promise.all(calls);
    expect(world.link.joined).toBe(true);
    const [last] = world.calls(1);
    await world.pass(TIMES.deadlineMs);
    await last;
    expect(world.link.joined).toBe(false);
    expect(line.closed).toBe(true);
    expect(world.told.at(-1)).toBe('lost: no answer within 250 ms');
  });

  it('counts anew after an answer that came in time', async () => {
    const world = new World();
    const line = await world.joined();
    for (let round = 0; round < 3; round++) {
      const calls = world.calls(MOST_UNANSWERED - 1);
      await world.pass(TIMES.deadlineMs);
      await Promise.all(calls);
      const [answered] = world.calls(1);
      line.sent.at(-1)?.answer('there');
      await answered;
      await world.pass(TIMES.deadlineMs + 1);
    }
    expect(world.link.joined).toBe(true);
  });

  it('does not hold against Redis what passed while this process stood still', async () => {
    const world = new World();
    await world.joined();
    for (let round = 0; round < 3; round++) {
      const calls = world.calls(4 * MOST_UNANSWERED);
      await world.pass(10);
      await world.work(2 * TIMES.deadlineMs);
      for (const end of await Promise.all(calls)) {
        expect(end).toBe('no answer within 250 ms, in which this process itself was busy');
      }
      expect(world.link.joined).toBe(true);
    }
    // That it failed is told all the same.
    expect(world.told).toContain('failed TIMEOUT');
  });

  it('holds it against Redis where this process listened for half of the deadline', async () => {
    const world = new World();
    await world.joined();
    const calls = world.calls();
    await world.pass(TIMES.deadlineMs / 2);
    await world.work(TIMES.deadlineMs / 2);
    expect(await Promise.all(calls)).toContain('no answer within 250 ms');
    expect(world.link.joined).toBe(false);
  });

  it('believes a heartbeat once that this process was too busy to hear', async () => {
    const beat = (line: RedisLine): Promise<void> =>
      world.link.ask(line, undefined, ['PING'], TIMES.heartbeatMs).then(() => undefined);
    const world: World = new World({ beat });
    const line = await world.joined();
    await world.pass(TIMES.heartbeatMs);
    expect(line.sent).toHaveLength(1);
    await world.work(TIMES.heartbeatMs);
    expect(world.link.joined).toBe(true);
    await world.pass(TIMES.heartbeatMs);
    line.sent[1].answer('PONG');
    await settled();
    await world.pass(TIMES.heartbeatMs);
    await world.work(TIMES.heartbeatMs);
    expect(world.link.joined).toBe(true);
    await world.pass(TIMES.heartbeatMs);
    await world.work(TIMES.heartbeatMs);
    expect(world.link.joined).toBe(false);
  });

  it('gives the line up where a heartbeat is not answered', async () => {
    const beat = (line: RedisLine): Promise<void> =>
      world.link.ask(line, undefined, ['PING'], TIMES.heartbeatMs).then(() => undefined);
    const world: World = new World({ beat });
    await world.joined();
    await world.pass(TIMES.heartbeatMs);
    await world.pass(TIMES.heartbeatMs);
    expect(world.link.joined).toBe(false);
  });

  it.each(['READONLY', 'LOADING', 'NOAUTH', 'CLUSTERDOWN', 'MASTERDOWN'])('gives the line up at %s', async (code) => {
    const world = new World();
    const line = await world.joined();
    const [call] = world.calls(1);
    line.sent[0].refuse(new ReplyError(`${code} as it is`));
    await call;
    expect(world.link.joined).toBe(false);
    expect(world.link.reason).toBe(`${code} as it is`);
  });

  it('keeps it where Redis refuses one command', async () => {
    const world = new World();
    const line = await world.joined();
    const calls = world.calls(2 * MOST_UNANSWERED);
    for (const { refuse } of line.sent) refuse(new ReplyError('NOPERM this user has no permissions'));
    await Promise.all(calls);
    expect(world.link.joined).toBe(true);
  });

  it('fails calls at once while it is away, and tries again later and later, until it is joined', async () => {
    const world = new World();
    const line = await world.joined();
    world.refusals = 3;
    line.listener.lost(new Error('the connection was closed'));
    expect(await world.calls(1)[0]).toBe('not connected');
    expect(line.sent).toHaveLength(0);
    for (const delayMs of [50, 100, 200]) {
      await world.pass(delayMs - 1);
      expect(world.refusals).toBeGreaterThan(0);
      const before = world.refusals;
      await world.pass(1);
      expect(world.refusals).toBe(before - 1);
    }
    expect(world.link.joined).toBe(false);
    await world.pass(400);
    expect(world.link.joined).toBe(true);
    expect(world.link.reason).toBe(null);
    expect(world.link.stateMs).toBe(0);
    expect(world.told.filter((told) => told === 'tried')).toHaveLength(3);
  });

  it('hears nothing of a line that was given up', async () => {
    const world = new World();
    const line = await world.joined();
    line.listener.message('before');
    world.link.lose(line, new Error('no more'));
    const told = world.told.length;
    line.listener.message('after');
    line.listener.changed('p|v|a');
    line.listener.lost(new Error('again'));
    expect(world.told).toHaveLength(told);
    expect(world.told).toContain('message before');
    expect(world.told).not.toContain('message after');
  });

  it('gives the line up where what was heard cannot be handled', async () => {
    const world = new World({
      message: () => {
        throw new Error('unheard of');
      },
    });
    const line = await world.joined();
    line.listener.message('anything');
    expect(world.link.joined).toBe(false);
    expect(world.told).toContain('failed MESSAGE');
  });

  it('is over when it is closed', async () => {
    const world = new World();
    const line = await world.joined();
    world.link.close();
    expect([line.closed, world.link.joined, world.link.reason]).toEqual([true, false, 'closed']);
    await world.pass(10_000);
    expect(world.lines).toHaveLength(1);
    expect(world.clock.pendingTimers).toBe(0);
  });
});
