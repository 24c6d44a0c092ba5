import type { Growth } from '../../src/engine/enlarge.js';
import type { RemovalCause, SlotTraits } from '../../src/engine/eviction/eviction-policy.js';
import { MAX_VALUE, MIN_COST_SECONDS, MIN_VALUE, REBASE_AGE } from '../../src/engine/eviction/hybrid/value-ranking.js';
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

export class NaiveTtl extends NaivePolicy {
  protected override rank(slot: number): number {
    return this.traits.expiresAt(slot);
  }
}

export class NaiveSize extends NaivePolicy {
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
