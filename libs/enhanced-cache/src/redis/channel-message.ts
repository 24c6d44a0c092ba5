import type { Invalidation } from '../engine/ports/coherence-bus.js';

/** The longest text that is looked at, in characters. */
const MAX_LENGTH = 2 ** 20;
/** Names in one message. */
export const MAX_NAMES = 500;

/** A message on the channel. */
export interface ChannelMessage {
  /** Which process sent it. */
  readonly sender: string;
  /** `unknown`: of a kind that a later version may have; what it invalidates cannot be told. */
  readonly invalidation: Invalidation | 'unknown';
}

/**
 * `["<sender>","k",stale,[keys]]`, `["<sender>","t",stale,"any"|"all",[tags]]` or `["<sender>","c"]`, as JSON.
 *
 * Later versions add kinds; the first two places never change.
 */
export function writeMessage(sender: string, invalidation: Invalidation): string {
  switch (invalidation.scope) {
    case 'keys':
      return JSON.stringify([sender, 'k', invalidation.stale, invalidation.keys]);
    case 'tags':
      return JSON.stringify([sender, 't', invalidation.stale, invalidation.match, invalidation.tags]);
    case 'everything':
      return JSON.stringify([sender, 'c']);
  }
}

/** `undefined` where `text`, which may come from anywhere, is no message. */
export function readMessage(text: string): ChannelMessage | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts)) return undefined;
  const [sender, kind, ...rest] = parts as unknown[];
  if (typeof sender !== 'string' || typeof kind !== 'string') return undefined;
  return { sender, invalidation: invalidationOf(kind, rest) ?? 'unknown' };
}

function invalidationOf(kind: string, rest: readonly unknown[]): Invalidation | undefined {
  if (kind === 'c') return { scope: 'everything' };
  if (kind === 'k') {
    const [stale, keys] = rest;
    return typeof stale === 'boolean' && areNames(keys) ? { scope: 'keys', keys, stale } : undefined;
  }
  if (kind === 't') {
    const [stale, match, tags] = rest;
    const isMatch = match === 'any' || match === 'all';
    return typeof stale === 'boolean' && isMatch && areNames(tags) ? { scope: 'tags', tags, match, stale } : undefined;
  }
  return undefined;
}

function areNames(names: unknown): names is string[] {
  return (
    Array.isArray(names) && names.length <= MAX_NAMES && names.every((name) => typeof name === 'string' && name !== '')
  );
}

/** Messages that say the same as `invalidation` and are each of a bounded size. */
export function inPortions(invalidation: Invalidation): Invalidation[] {
  if (invalidation.scope !== 'keys' || invalidation.keys.length <= MAX_NAMES) return [invalidation];
  const portions: Invalidation[] = [];
  for (let at = 0; at < invalidation.keys.length; at += MAX_NAMES) {
    portions.push({ ...invalidation, keys: invalidation.keys.slice(at, at + MAX_NAMES) });
  }
  return portions;
}
