/**
 * The most invalidations remembered while loads are running. When there are more, all of them are folded into the
 * epoch: running loads are then not stored, which costs a load and never correctness.
 */
const MAX_REMEMBERED = 10_000;

/** The state of the world when a value began to be fetched. */
export interface FenceToken {
  readonly epoch: number;
  readonly sequence: number;
}

/**
 * Decides whether a fetched value may still be stored: only if nothing that it depends on was invalidated since the
 * fetch began.
 *
 * Who fetches opens a token before it asks the source and closes it when it is done. Invalidations of keys and tags
 * are numbered and remembered only while a token is open, so deletes of keys that nobody loads leave no trace. Numbers
 * are counters, never clocks: what happens in one millisecond is still in order.
 *
 * Cost: O(1) for a key, O(tags) for an entry; memory bounded by {@link MAX_REMEMBERED}.
 */
export class WriteFence {
  #epoch = 0;
  #sequence = 0;
  #open = 0;
  readonly #keys = new Map<string, number>();
  readonly #tags = new Map<string, number>();

  /** Tokens that were opened and not closed, and may still be whole. */
  get openTokens(): number {
    return this.#open;
  }

  /** Invalidations remembered now. */
  get remembered(): number {
    return this.#keys.size + this.#tags.size;
  }

  open(): FenceToken {
    this.#open++;
    return { epoch: this.#epoch, sequence: ++this.#sequence };
  }

  /** How much has happened: a fetch that began later has a higher number. */
  get sequence(): number {
    return this.#sequence;
  }

  /** What was fetched since `token` is stored now: a fetch of `key` that began before that one is too late. */
  stored(token: FenceToken, key: string): void {
    if (this.#open < 2 || (this.#keys.get(key) ?? 0) >= token.sequence) return;
    this.#keys.set(key, token.sequence);
    this.#fold();
  }

  /** Each token is closed once. */
  close(token: FenceToken): void {
    if (token.epoch === this.#epoch && --this.#open === 0) this.#forget();
  }

  /** `key` was deleted, or written by someone who knows better than a load that is running. */
  invalidateKey(key: string): void {
    if (this.#open > 0) this.#remember(this.#keys, key);
  }

  invalidateTags(tags: readonly string[]): void {
    if (this.#open > 0) for (const tag of tags) this.#remember(this.#tags, tag);
  }

  invalidateEverything(): void {
    this.#epoch++;
    // No open token can be whole again, so none is waited for: a fetch that hangs costs nothing from here on.
    this.#open = 0;
    this.#forget();
  }

  /** Whether a value under `key` with `tags`, fetched since `token`, may be stored. */
  isWhole(token: FenceToken, key: string, tags: readonly string[]): boolean {
    if (token.epoch !== this.#epoch || (this.#keys.get(key) ?? 0) > token.sequence) return false;
    return !tags.some((tag) => (this.#tags.get(tag) ?? 0) > token.sequence);
  }

  #remember(numbers: Map<string, number>, name: string): void {
    numbers.set(name, ++this.#sequence);
    this.#fold();
  }

  #fold(): void {
    if (this.remembered > MAX_REMEMBERED) this.invalidateEverything();
  }

  #forget(): void {
    this.#keys.clear();
    this.#tags.clear();
  }
}
