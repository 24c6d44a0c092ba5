/** What a cache does when it matters: each probe sets up one situation and says what came of it. */
import { setTimeout as delay } from 'node:timers/promises';
import { retainedBytes } from './heap.mjs';

const TAG_ROUNDS = 200;
const EXPIRING_ENTRIES = 1000;
const EXPIRING_VALUE_CHARS = 10_000;
const EXPIRY_MS = 100;
/** Time for whatever a cache does by itself to remove what has expired. */
const GRACE_MS = 2500;
/** Several, because what containers take depends on how far they are from growing the next time. */
const LIMITS_MIB = [6, 8, 11];
/** More than fit by far, for a limit of one MiB. */
const ENTRIES_PER_MIB = 15_000;
/** The most that a process may grow by for each byte of the limit. */
const MAX_GROWTH = 1.2;
const BYTES_PER_MIB = 1024 * 1024;

export const engineProbes = [
  {
    name: 'invalidation during a load',
    wanted: 'the caller gets its value, the cache stays empty',
    run: invalidateDuringLoad,
  },
  {
    name: 'set right after a tag was invalidated',
    wanted: `${TAG_ROUNDS} of ${TAG_ROUNDS} values are there`,
    run: setAfterTag,
  },
  { name: 'what a reader does to a value stays its own', wanted: 'the next reader sees what was set', run: mutate },
  { name: 'expired entries leave without being read', wanted: 'their memory is given back', run: expire },
  {
    name: 'a limit in bytes, small objects',
    wanted: `the process grows by ${MAX_GROWTH} x the limit at most, for limits of ${LIMITS_MIB.join(', ')} MiB`,
    run: fillToLimits,
  },
];

async function invalidateDuringLoad({ create }) {
  const cache = create();
  let release;
  const source = new Promise((resolve) => (release = resolve));
  const caller = Promise.resolve(cache.getOrSet('k', () => source)).then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  await delay(10);
  await cache.delete('k');
  release('from before the invalidation');
  const { error } = await caller;
  await delay(10);
  const cached = await cache.get('k');
  await cache.close?.();
  if (cached !== undefined && cached !== null) return fail('the old value is served afterwards');
  return error
    ? fail(`the caller gets an error (${String(error.message ?? error)})`)
    : pass('not stored, caller served');
}

async function setAfterTag({ create }) {
  const cache = create();
  if (!cache.deleteByTag) return notApplicable('has no tags');
  let kept = 0;
  for (let round = 0; round < TAG_ROUNDS; round++) {
    await cache.set(`k${round}`, 'old', { tags: ['t'] });
    await cache.deleteByTag('t');
    await cache.set(`k${round}`, 'new', { tags: ['t'] });
    if ((await cache.get(`k${round}`)) === 'new') kept++;
  }
  await cache.close?.();
  return judge(kept === TAG_ROUNDS, `${kept} of ${TAG_ROUNDS}`);
}

async function mutate({ create }) {
  const cache = create();
  const own = { names: ['set'] };
  await cache.set('k', own);
  own.names.push('changed by who set it');
  (await cache.get('k')).names.push('changed by a reader');
  const { names } = await cache.get('k');
  await cache.close?.();
  return judge(names.length === 1, names.length === 1 ? 'isolated' : 'a change is seen by the next reader');
}

/** Tells from the heap, which is the same question to all of them: not from what a cache says of itself. */
async function expire({ create }) {
  const cache = create();
  const before = await retainedBytes();
  for (let i = 0; i < EXPIRING_ENTRIES; i++) await cache.set(`k${i}`, text(i), { ttlMs: EXPIRY_MS });
  await delay(EXPIRY_MS + GRACE_MS);
  const heldPercent = Math.max(
    0,
    Math.round((((await retainedBytes()) - before) / (EXPIRING_ENTRIES * EXPIRING_VALUE_CHARS)) * 100),
  );
  await cache.get('k0');
  await cache.close?.();
  return judge(heldPercent < 20, `${heldPercent} % still held after ${(EXPIRY_MS + GRACE_MS) / 1000} s`);
}

async function fillToLimits({ create, limitsBytes }) {
  if (!limitsBytes) return notApplicable('has no limit in bytes');
  const growths = [];
  for (const limitMib of LIMITS_MIB) growths.push(await growth(() => create({ maxMb: limitMib }), limitMib));
  const factors = growths.map((factor) => factor.toFixed(2)).join(', ');
  return judge(Math.max(...growths) <= MAX_GROWTH, `${factors} x (${limitsBytes})`);
}

async function growth(create, limitMib) {
  const before = await retainedBytes();
  const cache = create();
  const entries = limitMib * ENTRIES_PER_MIB;
  for (let i = 0; i < entries; i++) await cache.set(`user:${i}`, { id: i, name: `user ${i}`, active: i % 2 === 0 });
  const grownBytes = (await retainedBytes()) - before;
  await cache.get('user:0');
  await cache.close?.();
  return grownBytes / (limitMib * BYTES_PER_MIB);
}

/** Pseudo-random text that hardly compresses, one byte a character, in one piece. */
function text(seed) {
  const bytes = Buffer.alloc(EXPIRING_VALUE_CHARS);
  let state = seed + 1;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    bytes[i] = 33 + ((state >>> 8) % 90);
  }
  return bytes.toString('latin1');
}

export const pass = (detail) => ({ outcome: 'yes', detail });
export const fail = (detail) => ({ outcome: 'no', detail });
export const notApplicable = (detail) => ({ outcome: '-', detail });
export const judge = (isGood, detail) => (isGood ? pass(detail) : fail(detail));
