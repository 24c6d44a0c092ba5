import fc from 'fast-check';
import { type Manner, type RacedCache } from './raced-cache.js';
import { KEYS } from './versioned-source.js';

/** Invalidations, each after a change of the source, and what else can get in the way of a load. */
const DISTURBANCES = [
  'set',
  'setRefused',
  'delete',
  'deleteByTags',
  'clear',
  'expire',
  'expireTags',
  'touch',
  'evictAfter',
  'warmUp',
  'import',
  'advance',
] as const satisfies (keyof RacedCache)[];
const READS = ['getOrSet', 'getOrSetMany', 'get'] as const satisfies (keyof RacedCache)[];
export type Verb = (typeof DISTURBANCES)[number] | (typeof READS)[number];

const TAG_SETS: readonly (readonly string[])[] = [['red'], ['blue'], ['red', 'blue']];
/** Shorter than a lifetime, longer than one, longer than stale values are kept: see the contestants. */
const STEPS_MS = [3, 6000, 12_000, 120_000];

/** One call; a verb uses what concerns it. */
export interface Operation {
  readonly verb: Verb;
  readonly key: string;
  readonly tags: readonly string[];
  readonly match: 'any' | 'all';
  readonly manner: Manner;
  /** Whether the load (or the transaction) fails. */
  readonly fails: boolean;
  readonly ms: number;
}

/** What one schedule is made of, its order apart. */
export interface Program {
  readonly variant: number;
  readonly operations: readonly Operation[];
  /** How many microtasks run between one step of the schedule and the next; used over and over. */
  readonly pauses: readonly number[];
}

/** Programs of the verbs that `cache` has: loads and invalidations of few keys, most of one, so that they meet. */
export function programs(cache: RacedCache, manners: readonly Manner[], variants: number): fc.Arbitrary<Program> {
  const verbs = [...READS, ...READS, 'getOrSet', 'getOrSet', 'getOrSet', 'getOrSet', ...DISTURBANCES].filter(
    (verb) => cache[verb as Verb] !== undefined,
  ) as Verb[];
  const operation = fc.record<Operation>({
    verb: fc.constantFrom(...verbs),
    key: fc.constantFrom(...KEYS, KEYS[0], KEYS[0]),
    tags: fc.constantFrom(...TAG_SETS),
    match: fc.constantFrom('any', 'all'),
    manner: fc.constantFrom(...manners),
    fails: fc.integer({ min: 0, max: 7 }).map((one) => one === 7),
    ms: fc.constantFrom(...STEPS_MS),
  });
  const program = fc.record<Program>({
    variant: fc.nat(variants - 1),
    operations: fc.array(operation, { minLength: 3, maxLength: 12, size: 'max' }),
    pauses: fc.array(fc.nat(12), { minLength: 1, maxLength: 8, size: 'max' }),
  });
  // Half of the programs ask in one manner throughout: what one call keeps is then what the next may be served.
  const common = fc.option(fc.constantFrom(...manners), { freq: 1 });
  return fc.tuple(program, common).map(([mixed, manner]) => {
    if (manner === null) return mixed;
    return { ...mixed, operations: mixed.operations.map((each) => ({ ...each, manner })) };
  });
}

/** One line that says what a call was. */
export function describeOperation({ verb, key, tags, match, manner, fails, ms }: Operation): string {
  switch (verb) {
    case 'getOrSet':
    case 'getOrSetMany':
      return `${verb}(${verb === 'getOrSet' ? key : 'a, b'}) ${manner}${fails ? ', load fails' : ''}`;
    case 'deleteByTags':
      return `${verb}(${tags.join(', ')}) ${match}`;
    case 'expireTags':
      return `${verb}(${tags.join(', ')})`;
    case 'advance':
      return `${verb}(${ms} ms)`;
    case 'clear':
    case 'warmUp':
    case 'import':
      return `${verb}()`;
    default:
      return `${verb}(${key})${fails ? ', fails' : ''}`;
  }
}
