import type { Clock } from '../engine/ports/clock.js';
import type { RedisKeys } from './keys.js';
import { randomToken } from './random-token.js';
import type { RedisArgument } from './redis-line.js';

/** Generations that are remembered; beyond that the oldest are asked for again. */
const MAX_KNOWN = 50_000;
/** A generation outlives the entries that carry it by as much as they live, and by this at least, in milliseconds. */
const MIN_SPARE_MS = 3_600_000;

interface Known {
  readonly generation: string;
  /** Redis keeps it until then at least; monotonic milliseconds. */
  keptUntil: number;
  /** When it became known: {@link RemoteGenerations.moment}. */
  readonly since: number;
}

type Call = (name: string | undefined, args: readonly RedisArgument[]) => Promise<unknown>;

/**
 * The generation of each tag, as it stands in Redis: a random token, made by whoever first needs it and removed to invalidate
 * all entries that carry it.
 *
 * Those that are known are kept in step by what is heard on the line: {@link forget} is called for every tag that anybody
 * invalidates. What an answer brings is not kept if the tag was forgotten while it was under way.
 */
export class RemoteGenerations {
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, { forgotten: boolean; count: number }>();
  #moment = 0;

  constructor(
    private readonly keys: RedisKeys,
    private readonly call: Call,
    private readonly clock: Clock,
  ) {}

  /** A number that is higher the later it is asked for. */
  get moment(): number {
    return ++this.#moment;
  }

  /** The generation of `tag` as far as is known, if it was known at `moment` already. */
  knownSince(tag: string, moment: number): string | undefined {
    const known = this.#known.get(tag);
    return known && known.since <= moment ? known.generation : undefined;
  }

  known(tag: string): string | undefined {
    return this.#known.get(tag)?.generation;
  }

  /** Whether all of `tags` are known, and kept long enough for an entry that lives for `ttlMs`. */
  areKept(tags: readonly string[], ttlMs: number): boolean {
    const until = this.clock.now() + ttlMs;
    return tags.every((tag) => (this.#known.get(tag)?.keptUntil ?? -1) >= until);
  }

  /** What stands in Redis for each of `tags`; `undefined` where nothing does. */
  async fetch(tags: readonly string[]): Promise<Map<string, string | undefined>> {
    const answers = tags.map((tag) =>
      this.#asking(tag, async (keep) => {
        const generation = asText(await this.call(this.keys.tag(tag), ['GET', this.keys.tag(tag)]));
        // How long it is kept is not known: whoever writes an entry with it finds out.
        if (generation !== undefined) keep(generation, 0);
        return [tag, generation] as const;
      }),
    );
    return new Map(await Promise.all(answers));
  }

  /** The generation of each of `tags`, made where there is none, and kept for an entry that lives for `ttlMs`. */
  async ensure(tags: readonly string[], ttlMs: number): Promise<Map<string, string>> {
    const keptMs = ttlMs + Math.max(ttlMs, MIN_SPARE_MS);
    const until = this.clock.now() + keptMs;
    const answers = tags.map((tag) => {
      const known = this.#known.get(tag);
      if (known && this.areKept([tag], ttlMs)) return [tag, known.generation] as const;
      return this.#asking(tag, async (keep) => {
        const name = this.keys.tag(tag);
        const fresh = randomToken();
        const lifetime = keptMs === Infinity ? [] : ['PX', String(Math.ceil(keptMs))];
        const [former] = await Promise.all([
          this.call(name, ['SET', name, fresh, 'NX', 'GET', ...lifetime]),
          keptMs === Infinity
            ? this.call(name, ['PERSIST', name])
            : this.call(name, ['PEXPIRE', name, String(Math.ceil(keptMs)), 'GT']),
        ]);
        const generation = asText(former) ?? fresh;
        keep(generation, until);
        return [tag, generation] as const;
      });
    });
    return new Map(await Promise.all(answers));
  }

  forget(tags: readonly string[]): void {
    for (const tag of tags) {
      this.#known.delete(tag);
      const asked = this.#asked.get(tag);
      if (asked) asked.forgotten = true;
    }
  }

  forgetAll(): void {
    this.#known.clear();
    for (const asked of this.#asked.values()) asked.forgotten = true;
  }

  async #asking<T>(
    tag: string,
    ask: (keep: (generation: string, keptUntil: number) => void) => Promise<T>,
  ): Promise<T> {
    const asked = this.#asked.get(tag) ?? { forgotten: false, count: 0 };
    // What was forgotten while an earlier question was under way says nothing of the answer to this one, but who is to tell
    // which answer comes first? Neither is kept then.
    asked.count++;
    this.#asked.set(tag, asked);
    try {
      return await ask((generation, keptUntil) => {
        if (!asked.forgotten) this.#keep(tag, generation, keptUntil);
      });
    } finally {
      if (--asked.count === 0) this.#asked.delete(tag);
    }
  }

  #keep(tag: string, generation: string, keptUntil: number): void {
    const known = this.#known.get(tag);
    if (known?.generation === generation) {
      known.keptUntil = Math.max(known.keptUntil, keptUntil);
      return;
    }
    if (this.#known.size >= MAX_KNOWN) {
      const [oldest] = this.#known.keys();
      this.#known.delete(oldest);
    }
    this.#known.set(tag, { generation, keptUntil, since: this.moment });
  }
}

function asText(reply: unknown): string | undefined {
  return reply === null || reply === undefined ? undefined : String(reply);
}
