import { BARE_MAP, enhancedName, REFERENCE } from './names.mjs';

const SMALL = 120;
const MEDIUM = 2048;

/**
 * What is asked of this package. Each gives the figure to be judged out of the rows, or `undefined` where they do not
 * hold what it needs.
 *
 * @typedef {{ name: string, most?: number, least?: number, of: (find: Find) => number | undefined }} Limit
 * @typedef {(operation: string, keys: number, bytes: number, candidate: string) => Row | undefined} Find
 */
const hitAgainstLru = (isolation, policy, keys, most) => ({
  name: `getSync hit, ${isolation} ${policy}, ${keys} keys: time / ${REFERENCE}`,
  most,
  of: (find) => find('getSync hit', keys, SMALL, enhancedName(isolation, policy))?.ratio,
});

const setAgainstLru = (operation, policy, keys) => ({
  name: `${operation}, shared ${policy}, ${keys} keys: time / ${REFERENCE}`,
  most: 1.3,
  of: (find) => find(operation, keys, SMALL, enhancedName('shared', policy))?.ratio,
});

/** What the default policy costs more than the simplest one. */
const hybridAgainstLru = (operation, isolation, keys) => ({
  name: `${operation}, ${isolation}, ${keys} keys: time of HYBRID / of LRU`,
  most: keys < 100_000 ? 1.5 : 1.3,
  of: (find) =>
    quotient(
      find(operation, keys, SMALL, enhancedName(isolation, 'HYBRID'))?.nsPerOp,
      find(operation, keys, SMALL, enhancedName(isolation, 'LRU'))?.nsPerOp,
    ),
});

const hitFasterThan = (peer, isolation, policy, least) => ({
  name: `get hit, 100000 keys, ${isolation} ${policy}: times faster than ${peer}`,
  least,
  of: (find) =>
    quotient(
      find('get hit', 100_000, SMALL, peer)?.nsPerOp,
      find('get hit', 100_000, SMALL, enhancedName(isolation, policy))?.nsPerOp,
    ),
});

const rate = (operation, level, least) => ({
  name: `${operation}, 2 KB, 1000 keys, copy HYBRID ${level}: operations per second`,
  least,
  of: (find) => find(operation, 1000, MEDIUM, enhancedName('copy', 'HYBRID', level))?.opsPerSecond,
});

const growthAgainstMap = (isolation, policy) => {
  const growth = (find, candidate) =>
    quotient(
      find('getSync hit', 1_000_000, SMALL, candidate)?.nsPerOp,
      find('getSync hit', 1000, SMALL, candidate)?.nsPerOp,
    );
  return {
    name: `getSync hit, ${isolation} ${policy}: growth from 1000 to 1000000 keys / growth of a Map`,
    most: 1.3,
    of: (find) => quotient(growth(find, enhancedName(isolation, policy)), growth(find, BARE_MAP)),
  };
};

const SHARING = ['shared', 'frozen'];
const MOST_OF_HIT = {
  LRU: { 1000: 1.3, 100_000: 1, 1_000_000: 1.3 },
  HYBRID: { 1000: 1.5, 100_000: 1.3, 1_000_000: 1.5 },
};
const COPYING_PEERS = ['bentocache', '@cacheable/memory', 'Nest documentation'];

/** @type {Limit[]} */
export const LIMITS = [
  ...SHARING.flatMap((isolation) =>
    Object.entries(MOST_OF_HIT).flatMap(([policy, mostByKeys]) =>
      Object.entries(mostByKeys).map(([keys, most]) => hitAgainstLru(isolation, policy, Number(keys), most)),
    ),
  ),
  ...COPYING_PEERS.map((peer) => hitFasterThan(peer, 'copy', 'HYBRID', 5)),
  hitFasterThan('cache-manager (default)', 'frozen', 'HYBRID', 3),
  ...['set new', 'set new, not awaited'].flatMap((operation) =>
    ['LRU', 'HYBRID'].flatMap((policy) => [1000, 100_000].map((keys) => setAgainstLru(operation, policy, keys))),
  ),
  ...[1000, 100_000, 1_000_000].flatMap((keys) => [
    ...SHARING.map((isolation) => hybridAgainstLru('getSync hit', isolation, keys)),
    ...['set new', 'set new, not awaited'].map((operation) => hybridAgainstLru(operation, 'shared', keys)),
  ]),
  rate('set overwrite', 'DEFAULT', 20_000),
  rate('get hit', 'DEFAULT', 100_000),
  rate('set overwrite', 'FAST', 24_000),
  ...SHARING.flatMap((isolation) => ['LRU', 'HYBRID'].map((policy) => growthAgainstMap(isolation, policy))),
];

/** @returns {{ name: string, limit: string, measured: number, met: boolean }[]} those that `rows` can show. */
export function judge(rows) {
  const find = (operation, keys, bytes, candidate) =>
    rows.find(
      (row) => row.operation === operation && row.keys === keys && row.payload === bytes && row.candidate === candidate,
    );
  return LIMITS.flatMap(({ name, most, least, of }) => {
    const measured = of(find);
    if (measured === undefined) return [];
    const met = most === undefined ? measured >= least : measured <= most;
    return [{ name, limit: most === undefined ? `>= ${least}` : `<= ${most}`, measured, met }];
  });
}

function quotient(a, b) {
  return a === undefined || b === undefined ? undefined : a / b;
}
