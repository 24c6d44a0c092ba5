import type { Counters } from '../analytics/counters.js';
import { percent } from '../analytics/statistics.js';
import type { ScratchCache } from '../benchmark/benchmark.js';
import type { Clock } from '../ports/clock.js';
import type { TierReport } from '../ports/second-tier.js';
import type { HealthReport, HealthStatus, PressureReport } from '../reports.js';
import { RecentIncrease } from './recent-increase.js';
import { tryRoundTrip } from './round-trip.js';
import { HEAVY_EVICTION_RATE, LOW_HIT_RATE, ThrashingDetector } from './thrashing.js';

/** What a health check needs to know of a cache. */
export interface CacheFacts {
  readonly counters: Readonly<Counters>;
  isClosed(): boolean;
  entryCount(): number;
  maxEntries(): number;
  /** Bytes charged against {@link maxBytes}. */
  chargedBytes(): number;
  maxBytes(): number;
  listenerFailures(): number;
  pressure(): PressureReport;
  /** `null`: there is no second tier. */
  tier(): TierReport | null;
  /** A cache of the same configuration that nobody else uses. */
  createScratch(): ScratchCache;
}

type Check = HealthReport['checks'][string];

const SEVERITY: Readonly<Record<HealthStatus, number>> = { healthy: 0, degraded: 1, unhealthy: 2 };

/**
 * The cache's judgement of itself; the rule of each check stands beside it.
 *
 * `degraded` means that it works and somebody should look; `unhealthy`, that it should get no traffic. A check costs a
 * scratch cache and one round trip through it; it reads counters and looks at no live entry.
 */
export class HealthCheck {
  readonly #thrashing = new ThrashingDetector();
  readonly #corruption = new RecentIncrease();
  readonly #listenerFailures = new RecentIncrease();

  constructor(
    private readonly facts: CacheFacts,
    private readonly clock: Clock,
  ) {}

  /** Never rejects: what fails is in the report. */
  async run(): Promise<HealthReport> {
    const errors: string[] = [];
    const judge = (status: HealthStatus, problem: string | false, facts: Record<string, unknown> = {}): Check => {
      if (problem === false) return { status: 'healthy', ...facts };
      errors.push(problem);
      return { status, ...facts };
    };

    const closed = this.facts.isClosed();
    const checks: Record<string, Check> = {
      /** Unhealthy for good once it is closed. */
      lifecycle: judge('unhealthy', closed && 'the cache is closed', { closed }),
      memory: this.#memory(judge),
      pressure: this.#pressure(judge),
      efficiency: this.#efficiency(judge),
      integrity: this.#integrity(judge),
      listeners: this.#listeners(judge),
    };
    const tier = this.facts.tier();
    if (tier) checks.tier = this.#tier(judge, tier);
    if (!closed) checks.roundTrip = await this.#roundTrip(judge);
    return { status: worst(checks), checks, errors, timestamp: new Date(this.clock.wallNow()) };
  }

  /**
   * Unhealthy above either limit: limits hold after every write, so that means broken accounting. A cache that is full
   * to the brim is healthy; that is what it is for.
   */
  #memory(judge: Judge): Check {
    const entryCount = this.facts.entryCount();
    const maxEntries = this.facts.maxEntries();
    const usedBytes = this.facts.chargedBytes();
    const limitBytes = this.facts.maxBytes();
    const above =
      entryCount > maxEntries
        ? `${entryCount} entries are held, the limit is ${maxEntries}`
        : usedBytes > limitBytes && `${usedBytes} bytes are held, the limit is ${limitBytes}`;
    const utilizationPercent = percent(usedBytes, limitBytes);
    return judge('unhealthy', above, { usedBytes, limitBytes, utilizationPercent, entryCount, maxEntries });
  }

  /** Degraded while the process is short of memory: the cache gives its own back, and something takes too much. */
  #pressure(judge: Judge): Check {
    const { effectiveLimitBytes, pressure } = this.facts.pressure();
    const { level, heapUsedPercent, processMemoryPercent } = pressure;
    const inUse = [
      heapUsedPercent !== null && `${heapUsedPercent} % of its heap`,
      processMemoryPercent !== null && `${processMemoryPercent} % of its memory`,
    ].filter(Boolean);
    const problem = (level === 'high' || level === 'critical') && `the process uses ${inUse.join(' and ')}`;
    return judge('degraded', problem, { level, heapUsedPercent, processMemoryPercent, effectiveLimitBytes });
  }

  /** Degraded while the cache thrashes, see {@link ThrashingDetector}; healthy while too little is known. */
  #efficiency(judge: Judge): Check {
    const traffic = this.#thrashing.look(this.facts.counters);
    const problem =
      traffic?.thrashing === true &&
      `the cache is too small for its traffic: ${traffic.evictionRate} % of the sets evict (limit ` +
        `${HEAVY_EVICTION_RATE} %) and ${traffic.hitRate} % of the reads hit (at least ${LOW_HIT_RATE} % expected)`;
    return judge('degraded', problem, {
      hitRate: traffic?.hitRate ?? null,
      evictionRate: traffic?.evictionRate ?? null,
    });
  }

  /**
   * Degraded for five minutes after stored bytes did not prove themselves. Readers saw a miss, nothing wrong; but
   * memory that changes by itself means a bug or failing hardware.
   */
  #integrity(judge: Judge): Check {
    const { corruptEntries } = this.facts.counters;
    const recent = this.#corruption.within(corruptEntries, this.clock.now());
    return judge('degraded', recent && `stored bytes were corrupt, ${corruptEntries} times so far`, { corruptEntries });
  }

  /** Degraded for five minutes after an event listener threw: the cache is well, those who watch it may not be. */
  #listeners(judge: Judge): Check {
    const listenerFailures = this.facts.listenerFailures();
    const recent = this.#listenerFailures.within(listenerFailures, this.clock.now());
    return judge('degraded', recent && `event listeners failed, ${listenerFailures} times so far`, {
      listenerFailures,
    });
  }

  /**
   * Degraded while the second tier is out of reach, or has not taken all invalidations: memory answers alone then, and other
   * instances may not know what changed here.
   */
  #tier(judge: Judge, { kind, state, reason, pendingInvalidations }: TierReport): Check {
    const problem =
      state === 'away'
        ? `${kind} is out of reach: ${reason}`
        : pendingInvalidations > 0 && `${kind} has not taken ${pendingInvalidations} invalidations`;
    return judge('degraded', problem, { kind, state, pendingInvalidations });
  }

  /** Unhealthy where a value does not come back as it was, or is not gone when it was deleted, or not in time. */
  async #roundTrip(judge: Judge): Promise<Check> {
    const startedAt = this.clock.now();
    const problem = await tryRoundTrip(() => this.facts.createScratch(), this.clock);
    return judge('unhealthy', problem ?? false, { durationMs: this.clock.now() - startedAt });
  }
}

/** `problem` is a sentence, or false where there is none. */
type Judge = (status: HealthStatus, problem: string | false, facts?: Record<string, unknown>) => Check;

function worst(checks: HealthReport['checks']): HealthStatus {
  return Object.values(checks).reduce<HealthStatus>(
    (status, check) => (SEVERITY[check.status] > SEVERITY[status] ? check.status : status),
    'healthy',
  );
}
