/** Ends the prefix. A prefix holds none, so no prefix is the beginning of another. */
const BAR = '|';

/** Names of everything that a cache has in Redis; see docs/adr/0010-redis-tier.md. */
export class RedisKeys {
  /** Every entry's key begins so; this is what is tracked. */
  readonly entries: string;
  readonly state: string;
  readonly channel: string;
  readonly fencing: string;
  /** Every lock's key begins so. */
  readonly locks: string;
  readonly #tags: string;

  constructor(prefix: string) {
    this.entries = `${prefix}${BAR}v${BAR}`;
    this.#tags = `${prefix}${BAR}t${BAR}`;
    this.locks = `${prefix}${BAR}l${BAR}`;
    this.state = `${prefix}${BAR}s`;
    this.channel = `${prefix}${BAR}c`;
    this.fencing = `${prefix}${BAR}f`;
  }

  entry(key: string): string {
    return this.entries + key;
  }

  tag(tag: string): string {
    return this.#tags + tag;
  }

  lock(key: string): string {
    return this.locks + key;
  }

  /** The key of the entry that Redis keeps under `name`; `undefined` where it is none of ours. */
  keyOf(name: string): string | undefined {
    return name.startsWith(this.entries) ? name.slice(this.entries.length) : undefined;
  }
}
