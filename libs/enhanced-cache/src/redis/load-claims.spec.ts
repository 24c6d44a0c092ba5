import { FakeClock } from '../engine/ports/fake-clock.js';
import type { LoadClaim, TierEntry } from '../engine/ports/second-tier.js';
import { KeyChanges } from './key-changes.js';
import { RedisKeys } from './keys.js';
import type { Link } from './link.js';
import { claimLoad } from './load-claims.js';
import { NamespaceState } from './namespace-state.js';
import { OwnChanges } from './own-changes.js';
import { PendingInvalidations } from './pending-invalidations.js';
import { ReadBatch } from './read-batch.js';
import { decodeRecord } from './records.js';
import type { RedisLine } from './redis-line.js';
import type { RedisParts } from './redis-parts.js';
import { resolveRedisOptions } from './redis-tier-options.js';
import { RemoteGenerations } from './remote-generations.js';
import { TierCounts } from './tier-counts.js';

const NEVER = new AbortController().signal;
const ENTRY = { frame: Buffer.from('frame'), ttlMs: 60_000, priority: 0, cost: 1, loadMs: 1, metadata: undefined };

/** What of Redis a load needs, in a Map; scripts are told apart by what they are given. */
function setUp() {
  const clock = new FakeClock();
  const keys = new RedisKeys('p');
  const stored = new Map<string, Buffer>();
  const bytes = (value: unknown): Buffer => (Buffer.isBuffer(value) ? value : Buffer.from(String(value)));
  const call = async (_name: string | undefined, [verb, ...args]: readonly (string | Buffer)[]): Promise<unknown> => {
    const name = String(args[0]);
    if (verb === 'HSETNX') return 1;
    if (verb === 'HMGET') return ['epochepoch12', '0'];
    if (verb === 'GET') return stored.get(name) ?? null;
    if (verb === 'PEXPIRE' || verb === 'PERSIST') return 1;
    if (verb === 'SET') {
      const former = stored.get(name) ?? null;
      if (!args.includes('NX') || former === null) stored.set(name, bytes(args[1]));
      return args.includes('GET') ? former : former === null || !args.includes('NX') ? 'OK' : null;
    }
    const [, count, first, ...rest] = args;
    if (count === '2')
      return ['epochepoch12', stored.get(String(rest[0])) ?? null, stored.has(String(rest[0])) ? -1 : -2];
    const [proof, value] = rest.map(bytes);
    const found = stored.get(String(first));
    if (!found?.subarray(0, proof.byteLength).equals(proof)) return 0;
    if (value.byteLength === 0) stored.delete(String(first));
    else stored.set(String(first), value);
    return 1;
  };
  const line = { ordered: true } as RedisLine;
  const parts: RedisParts = {
    options: resolveRedisOptions({ url: 'redis://127.0.0.1:6379' }),
    clock,
    keys,
    link: { line, joined: true, call } as unknown as Link,
    state: new NamespaceState(keys, call),
    batch: new ReadBatch(keys, call, () => true, clock),
    generations: new RemoteGenerations(keys, call, clock),
    pending: new PendingInvalidations(),
    changes: new KeyChanges(clock),
    own: new OwnChanges(keys, call, clock),
    counts: new TierCounts(),
    noteEpoch: () => undefined,
    noteFailure: (_kind, error) => {
      throw error;
    },
  };
  const claim = async (tags: string[] = []): Promise<LoadClaim> => {
    const intent = { key: 'k', tags, renews: false, signal: NEVER, reading: () => undefined };
    return (await claimLoad(intent, parts)).claim as LoadClaim;
  };
  const entry = (...tags: string[]): TierEntry => ({ ...ENTRY, tags });
  const record = () => stored.has('p|v|k') && decodeRecord(stored.get('p|v|k') as Buffer);
  return { stored, parts, claim, entry, record };
}

describe('a claim of a load', () => {
  it('puts its lease there, and what was loaded in the place of it', async () => {
    const { claim, entry, record, stored } = setUp();
    const held = await claim(['t']);
    expect(record()).toEqual({ kind: 'lease' });
    expect(await held.commit(entry('t'))).toBe('stored');
    const tags = new Map([['t', String(stored.get('p|t|t'))]]);
    expect(record()).toMatchObject({ kind: 'value', record: { key: 'k', epoch: 'epochepoch12', tags } });
  });

  it.each([
    ['removed', (stored: Map<string, Buffer>) => stored.delete('p|v|k')],
    ['replaced', (stored: Map<string, Buffer>) => stored.set('p|v|k', Buffer.from('Lanotherlease'))],
  ])('stores nothing once its lease was %s', async (_what, change) => {
    const { claim, entry, parts, record, stored } = setUp();
    const held = await claim();
    change(stored);
    const before = record();
    expect(await held.commit(entry())).toBe('overtaken');
    expect(record()).toEqual(before);
    expect(parts.counts.overtakenLoads).toBe(1);
  });

  it('is given back so that others may load', async () => {
    const { claim, record } = setUp();
    (await claim()).release();
    await new Promise((resolve) => setImmediate(resolve));
    expect(record()).toBe(false);
  });

  it('carries the generation of when the load began, whatever became of the tag', async () => {
    const { claim, entry, parts, record, stored } = setUp();
    const held = await claim(['t']);
    const before = String(stored.get('p|t|t'));
    stored.delete('p|t|t');
    parts.generations.forget(['t']);
    expect(await held.commit(entry('t'))).toBe('stored');
    expect(record()).toMatchObject({ record: { tags: new Map([['t', before]]) } });
    expect(String(stored.get('p|t|t'))).not.toBe(before);
  });

  it('stores a tag that is named late only where its generation was known before the load began', async () => {
    const { claim, entry, parts, record } = setUp();
    await parts.generations.ensure(['early'], 60_000);
    const held = await claim();
    expect(await held.commit(entry('early'))).toBe('stored');
    const { claim: claimAgain, parts: others, record: left } = setUp();
    const later = await claimAgain();
    await others.generations.ensure(['late'], 60_000);
    expect(await later.commit(entry('late'))).toBe('unavailable');
    await new Promise((resolve) => setImmediate(resolve));
    expect([left(), (record() as { kind: string }).kind]).toEqual([false, 'value']);
  });
});
