import type { Scheduler } from 'fast-check';
import { type Load, type RacedCache, type Versioned } from './raced-cache.js';
import { StalenessOracle, type Violation } from './staleness-oracle.js';
import { SourceFailure, VersionedSource } from './versioned-source.js';

/** Why a caller in the manner `abandoned` leaves. */
export class Abandoned extends Error {
  constructor() {
    super('the caller left');
  }
}

/** The cache, its source and its judge during one schedule. */
export class Stage {
  readonly source = new VersionedSource();
  readonly oracle = new StalenessOracle();
  readonly violations: Violation[] = [];

  constructor(
    readonly cache: RacedCache,
    private readonly scheduler: Scheduler,
  ) {}

  /** Settles when the scheduler says so: anything may happen before. */
  point(label: string): Promise<void> {
    return this.scheduler.schedule(Promise.resolve(), label);
  }

  /** A load whose source takes its time both before it reads and after. */
  loadOf(key: string, fails: boolean): Load {
    return async () => (await this.readMany([key], fails))[0];
  }

  async readMany(keys: readonly string[], fails: boolean): Promise<Versioned[]> {
    const names = keys.join(', ');
    await this.point(`source reads ${names}`);
    const values = keys.map((key) => this.source.read(key));
    await this.point(`source answers ${names}`);
    if (fails) throw new SourceFailure();
    return values;
  }

  report(violation: Violation | undefined): void {
    if (violation) this.violations.push(violation);
  }

  /** Judges what a call rejected with. */
  rejected(call: string, error: unknown): void {
    const expected = error instanceof SourceFailure || error instanceof Abandoned || this.cache.mayRejectWith?.(error);
    if (!expected) this.report({ fault: 'refused', detail: `${call} rejected: ${String(error)}` });
  }
}
