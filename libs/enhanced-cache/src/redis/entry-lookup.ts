import type { TierEntry } from '../engine/ports/second-tier.js';
import { AwayError } from './failure-kind.js';
import type { RedisParts } from './redis-parts.js';
import { decodeRecord } from './records.js';

/** What stands under a key, as far as a cache is concerned. */
export type Found =
  | { readonly state: 'value'; readonly entry: TierEntry; readonly proof: Buffer }
  | { readonly state: 'missing' }
  /** Somebody is loading it; the lease ends in `ttlMs`. */
  | { readonly state: 'leased'; readonly ttlMs: number }
  /** A record that does not hold any more, or never did. */
  | { readonly state: 'dead'; readonly proof: Buffer };

/**
 * Reads the entry of a key and finds out whether it holds: whether it proves itself, is of this key, of this epoch, and of the
 * generation of each of its tags that stands in Redis.
 *
 * Rejects where Redis does not answer, was lost meanwhile, or does not know yet what was invalidated.
 */
export async function lookUp(key: string, parts: RedisParts): Promise<Found> {
  const { batch, clock, counts, generations, link, pending, state } = parts;
  const { line } = link;
  if (!line) throw new AwayError();
  if (state.epoch === undefined) await state.ensure();
  const askedAt = clock.now();
  const { bytes, ttlMs: leftMs, epoch } = await batch.read(key);
  // Counted from when it was asked for, so that memory never has it for longer than Redis.
  const ttlMs = Math.max(1, leftMs - (clock.now() - askedAt));
  if (line.ordered) parts.noteEpoch(line, epoch);
  if (bytes === undefined) return { state: 'missing' };
  if (bytes === null) {
    counts.failed('WRONGTYPE');
    throw new AwayError();
  }
  const stored = decodeRecord(bytes);
  const { proof } = stored;
  if (stored.kind === 'lease') return { state: 'leased', ttlMs };
  if (stored.kind === 'corrupt') {
    parts.noteFailure('CORRUPT', stored.error);
    return { state: 'dead', proof };
  }
  const { record } = stored;
  if (record.key !== key) {
    const error = new Error('a record of another key was returned');
    parts.noteFailure('MIXEDUP', error);
    link.lose(line, error);
    throw error;
  }
  if (record.epoch !== (line.ordered ? epoch : state.epoch)) return { state: 'dead', proof };
  const doubtful = [...record.tags].filter(([tag, generation]) => generations.known(tag) !== generation);
  if (doubtful.length > 0) {
    const current = await generations.fetch(doubtful.map(([tag]) => tag));
    if (doubtful.some(([tag, generation]) => current.get(tag) !== generation)) return { state: 'dead', proof };
  }
  // Asked last, as an invalidation may have failed to reach Redis while this was read.
  if (line !== link.line || pending.covers(key, record.tags.keys())) throw new AwayError();
  const { frame, priority, cost, loadMs, metadata } = record;
  return {
    state: 'value',
    proof,
    entry: { frame, ttlMs, tags: [...record.tags.keys()], priority, cost, loadMs, metadata },
  };
}
