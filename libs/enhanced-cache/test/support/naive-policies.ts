import { type Growth } from '../../src/engine/enlarge.js';
import type { RemovalCause, SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { MAX_VALUE, MIN_COST_SECONDS, MIN_VALUE, REBASE_AGE } from '../../src/engine/eviction/hybrid/value-ranking.js';
import { IDLE_TURNOVERS } from '../../src/engine/eviction/ranked.policy.js';
import { MOST_USES, PATIENCE, SMALL_SHARE, USES_TO_STAY } from '../../src/engine/eviction/s3fifo.policy.js';
import { mixHash } from '../../src/engine/eviction/structures/mix-hash.js';
import { RecentlyEvicted } from '../../src/engine/eviction/structures/recently-evicted.js';
import { MAX_FREQUENCY } from '../../src/engine/eviction/structures/slot-frequencies.js';
import type { VerifiablePolicy } from './slot-world.js';

/**
 * What the policies are, by definition: lists that are searched from end to end, scores that are written down at once.
 * The policies in use have to name the same victims.
 */
abstract class NaivePolicy implements VerifiablePolicy {
  /** In order of insertion. */
  protected residents: number[] = [];

  constructor(protected readonly traits: SlotTraits) {}

  /** The lower, the sooner; the first resident among equals. */
  protected abstract rank(slot: number): number;

  *grow(_capacity: number): Growth {}

  onInsert(slot: number): void {
    this.residents.push(slot);
  }

  onHit(_slot: number): void {}

  onUpdate(_slot: number): void {}

  onResize(_slot: number): void {}

  onRemove(slot: number, _cause: RemovalCause): void {
    this.residents = this.residents.filter((resident) => resident !== slot);
  }

  victim(newcomer: number): number {
    const others = this.residents.filter((slot) => slot !== newcomer);
    if (others.length === 0) return -1;
    const lowestPriority = Math.min(...others.map((slot) => this.traits.priority(slot)));
    if (newcomer !== -1 && this.traits.priority(newcomer) < lowestPriority) return newcomer;
    return this.lowest(others.filter((slot) => this.traits.priority(slot) === lowestPriority));
  }

  verify(): number {
    return this.residents.length;
  }

  protected lowest(slots: readonly number[]): number {
    return slots.reduce((lowest, slot) => (this.rank(slot) < this.rank(lowest) ? slot : lowest));
  }
}

export class NaiveLru extends NaivePolicy {
  override onHit(slot: number): void {
    this.onRemove(slot, 'deleted');
    this.onInsert(slot);
  }

  override onUpdate(slot: number): void {
    this.onHit(slot);
  }

  protected override rank(slot: number): number {
    return this.residents.indexOf(slot);
  }
}

/** Ranked by a trait, unless the entry idled for several turnovers. */
abstract class NaiveRanked extends NaivePolicy {
  /** Least recently used first. */
  #uses: number[] = [];
  readonly #usedAt = new Map<number, number>();
  #turnovers = 0;
  #isTurning = false;

  override victim(newcomer: number): number {
    this.#isTurning = newcomer !== -1;
    return super.victim(newcomer);
  }

  override onInsert(slot: number): void {
    super.onInsert(slot);
    this.onHit(slot);
  }

  override onHit(slot: number): void {
    this.#uses = [...this.#uses.filter((used) => used !== slot), slot];
    this.#usedAt.set(slot, this.#turnovers);
  }

  override onUpdate(slot: number): void {
    this.onHit(slot);
  }

  override onRemove(slot: number, cause: RemovalCause): void {
    if (cause === 'evicted' && this.#isTurning) this.#turnovers += 1 / this.residents.length;
    super.onRemove(slot, cause);
    this.#uses = this.#uses.filter((used) => used !== slot);
  }

  protected override lowest(slots: readonly number[]): number {
    const idlest = this.#uses.find((slot) => slots.includes(slot)) as number;
    const idle = this.#turnovers - (this.#usedAt.get(idlest) as number);
    return idle >= IDLE_TURNOVERS ? idlest : super.lowest(slots);
  }
}

export class NaiveTtl extends NaiveRanked {
  protected override rank(slot: number): number {
    return this.traits.expiresAt(slot);
  }
}

export class NaiveSize extends NaiveRanked {
  protected override rank(slot: number): number {
    return -this.traits.weight(slot);
  }
}

/** Scores that are `age + value(frequency)`, the age being that of the last evicted. */
abstract class NaiveAgeing extends NaivePolicy {
  protected readonly frequencies = new Map<number, number>();
  protected readonly scores = new Map<number, number>();
  readonly #worths = new Map<number, number>();
  #newcomer = -1;

  protected abstract ageOf(slot: number): number;
  protected abstract ageTo(slot: number, score: number): void;
  protected abstract worthOf(slot: number): number;

  override onInsert(slot: number): void {
    super.onInsert(slot);
    this.#use(slot, this.traits.hits(slot) + 1);
  }

  override onHit(slot: number): void {
    this.#use(slot, this.#frequency(slot) + 1);
  }

  override onUpdate(slot: number): void {
    this.#use(slot, this.#frequency(slot) + 1);
  }

  override onResize(slot: number): void {
    const worth = this.worthOf(slot);
    this.scores.set(slot, this.rank(slot) - (this.#worths.get(slot) as number) + worth);
    this.#worths.set(slot, worth);
  }

  override onRemove(slot: number, cause: RemovalCause): void {
    super.onRemove(slot, cause);
    if (slot === this.#newcomer) this.#newcomer = -1;
    if (cause === 'evicted') {
      this.ageTo(slot, Math.max(this.ageOf(slot), this.rank(slot)));
      if (this.#newcomer !== -1) this.#use(this.#newcomer, this.#frequency(this.#newcomer));
    }
    this.frequencies.delete(slot);
    this.scores.delete(slot);
  }

  override victim(newcomer: number): number {
    this.#newcomer = newcomer;
    return super.victim(newcomer);
  }

  protected override rank(slot: number): number {
    return this.scores.get(slot) as number;
  }

  #frequency(slot: number): number {
    return this.frequencies.get(slot) as number;
  }

  #use(slot: number, frequency: number): void {
    this.frequencies.set(slot, Math.min(frequency, MAX_FREQUENCY));
    this.#worths.set(slot, this.worthOf(slot));
    this.scores.set(slot, this.ageOf(slot) + this.worthOf(slot));
  }
}

export class NaiveLfu extends NaiveAgeing {
  readonly #ages = new Map<number, number>();

  protected override ageOf(slot: number): number {
    return this.#ages.get(this.traits.priority(slot)) ?? 0;
  }

  protected override ageTo(slot: number, score: number): void {
    this.#ages.set(this.traits.priority(slot), score);
  }

  protected override worthOf(slot: number): number {
    return this.frequencies.get(slot) as number;
  }
}

/** What {@link ValueRanking} is, by definition. */
export class NaiveValueRanking extends NaiveAgeing {
  #age = 0;

  override victim(newcomer: number): number {
    super.victim(newcomer);
    const others = this.residents.filter((slot) => slot !== newcomer);
    return others.length === 0 ? -1 : this.lowest(others);
  }

  protected override ageOf(): number {
    return this.#age;
  }

  protected override ageTo(_slot: number, score: number): void {
    this.#age = score;
    if (score <= REBASE_AGE) return;
    for (const [slot, other] of this.scores) this.scores.set(slot, other - score);
    this.#age = 0;
  }

  protected override worthOf(slot: number): number {
    const cost = Math.max(this.traits.cost(slot), MIN_COST_SECONDS);
    const perUse = (cost * 2 ** (this.traits.priority(slot) / 10)) / this.traits.weight(slot);
    return Math.min(Math.max((this.frequencies.get(slot) as number) * perUse, MIN_VALUE), MAX_VALUE);
  }
}

/** S3-FIFO over arrays, with the ghost list of the real one, which forgets in ways of its own. */
export class NaiveS3Fifo implements VerifiablePolicy {
  readonly #small = new Map<number, number[]>();
  readonly #main = new Map<number, number[]>();
  readonly #uses = new Map<number, number>();
  readonly #priorities = new Map<number, number>();
  readonly #ghosts = new RecentlyEvicted();
  /** Evictions from the small queue since the main one gave somebody up, by priority. */
  readonly #sinceMain = new Map<number, number>();

  constructor(private readonly traits: SlotTraits) {}

  grow(capacity: number): Growth {
    return this.#ghosts.grow(capacity);
  }

  onInsert(slot: number): void {
    this.#uses.set(slot, Math.min(this.traits.hits(slot), MOST_USES));
    const returns = this.#ghosts.has(mixHash(this.traits.keyHash(slot)));
    this.#enter(slot, returns ? this.#main : this.#small);
  }

  onHit(slot: number): void {
    this.#uses.set(slot, Math.min((this.#uses.get(slot) as number) + 1, MOST_USES));
  }

  onUpdate(slot: number): void {
    this.onHit(slot);
    if (this.#priorities.get(slot) === this.traits.priority(slot)) return;
    const queues = this.#isSmall(slot) ? this.#small : this.#main;
    this.#exit(slot);
    this.#enter(slot, queues);
  }

  onResize(_slot: number): void {}

  onRemove(slot: number, cause: RemovalCause): void {
    if (cause === 'evicted') {
      const priority = this.#priorities.get(slot) as number;
      this.#sinceMain.set(priority, this.#isSmall(slot) ? (this.#sinceMain.get(priority) ?? 0) + 1 : 0);
      if (this.#isSmall(slot)) {
        this.#ghosts.rememberLast(this.#priorities.size);
        this.#ghosts.add(mixHash(this.traits.keyHash(slot)));
      }
    }
    this.#exit(slot);
  }

  victim(newcomer: number): number {
    if (this.#priorities.size === 0) return -1;
    const priority = Math.min(...this.#priorities.values());
    const small = this.#queue(this.#small, priority);
    const main = this.#queue(this.#main, priority);
    const others = [...small, ...main].filter((slot) => slot !== newcomer).length;
    if (others === 0) return this.#priorities.size > 1 ? newcomer : -1;
    const isMainIdle = (this.#sinceMain.get(priority) ?? 0) > PATIENCE * others && other(main, newcomer) !== undefined;
    if (small.length > Math.round(SMALL_SHARE * others) && !isMainIdle) {
      for (let slot = other(small, newcomer); slot !== undefined; slot = other(small, newcomer)) {
        if ((this.#uses.get(slot) as number) < USES_TO_STAY) return slot;
        this.#uses.set(slot, 0);
        small.splice(small.indexOf(slot), 1);
        main.push(slot);
      }
    }
    for (let slot = other(main, newcomer); slot !== undefined; slot = other(main, newcomer)) {
      const uses = this.#uses.get(slot) as number;
      if (uses === 0) return slot;
      this.#uses.set(slot, uses - 1);
      main.splice(main.indexOf(slot), 1);
      main.push(slot);
    }
    return other(small, newcomer) as number;
  }

  verify(): number {
    return this.#priorities.size;
  }

  #isSmall(slot: number): boolean {
    return this.#queue(this.#small, this.#priorities.get(slot) as number).includes(slot);
  }

  #enter(slot: number, queues: Map<number, number[]>): void {
    this.#priorities.set(slot, this.traits.priority(slot));
    this.#queue(queues, this.traits.priority(slot)).push(slot);
  }

  #exit(slot: number): void {
    for (const queues of [this.#small, this.#main]) {
      const queue = this.#queue(queues, this.#priorities.get(slot) as number);
      if (queue.includes(slot)) queue.splice(queue.indexOf(slot), 1);
    }
    this.#priorities.delete(slot);
  }

  #queue(queues: Map<number, number[]>, priority: number): number[] {
    const queue = queues.get(priority) ?? [];
    queues.set(priority, queue);
    return queue;
  }
}

function other(queue: readonly number[], newcomer: number): number | undefined {
  return queue.find((slot) => slot !== newcomer);
}
