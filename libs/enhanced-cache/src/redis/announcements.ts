import type { Announced, Invalidation } from '../engine/ports/coherence-bus.js';
import { inPortions, writeMessage } from './channel-message.js';
import type { RedisArgument, RedisLine } from './redis-line.js';
import type { RedisParts } from './redis-parts.js';

/** Names in one `UNLINK`. */
const MAX_UNLINKED = 500;

/**
 * Sends an invalidation: removes what it is about, tells the others, and counts that they were told, in this order and in one
 * go. It is pending again as soon as the first part fails.
 */
export async function sendInvalidation(
  invalidation: Invalidation,
  sender: string,
  line: RedisLine,
  parts: RedisParts,
): Promise<Announced> {
  const portions = await Promise.all(inPortions(invalidation).map((each) => sendPortion(each, sender, line, parts)));
  return {
    propagated: portions.every(({ propagated }) => propagated),
    removed: portions.reduce((sum, { removed }) => sum + removed, 0),
  };
}

async function sendPortion(
  invalidation: Invalidation,
  sender: string,
  line: RedisLine,
  { counts, keys, link, pending }: RedisParts,
): Promise<Announced> {
  let propagated = true;
  const send = (args: readonly RedisArgument[]): Promise<unknown> =>
    link.ask(line, String(args[1]), args).catch(() => {
      propagated = false;
      pending.add(invalidation);
      return 0;
    });
  const unlinked = unlinks(namesOf(invalidation, keys), line.ordered).map(send);
  const published = send(['PUBLISH', keys.channel, writeMessage(sender, invalidation)]);
  // A clear begins to count anew. Where Redis is out of memory it cannot count, and that is all.
  const counted =
    invalidation.scope === 'everything'
      ? undefined
      : link.ask(line, keys.state, ['HINCRBY', keys.state, 'seq', '1']).catch(() => undefined);
  const removed = (await Promise.all(unlinked)).reduce<number>((sum, count) => sum + Number(count), 0);
  await Promise.all([published, counted]);
  if (propagated) counts.invalidationsSent++;
  return { propagated, removed: invalidation.scope === 'keys' ? removed : 0 };
}

/** What is removed from Redis. */
function namesOf(invalidation: Invalidation, keys: RedisParts['keys']): string[] {
  if (invalidation.scope === 'everything') return [keys.state];
  if (invalidation.scope === 'keys') return invalidation.keys.map((key) => keys.entry(key));
  // Whoever carries all of the tags carries the first.
  const tags = invalidation.match === 'all' ? invalidation.tags.slice(0, 1) : invalidation.tags;
  return tags.map((tag) => keys.tag(tag));
}

function unlinks(names: readonly string[], isOneNode: boolean): string[][] {
  const size = isOneNode ? MAX_UNLINKED : 1;
  const commands: string[][] = [];
  for (let at = 0; at < names.length; at += size) commands.push(['UNLINK', ...names.slice(at, at + size)]);
  return commands;
}
