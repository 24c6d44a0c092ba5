import { createHash } from 'node:crypto';
import type { RedisArgument } from './redis-line.js';

/** A script that Redis runs by its digest; where it does not know it (any more), by its text. */
export class RedisScript {
  readonly #digest: string;

  constructor(private readonly text: string) {
    this.#digest = createHash('sha1').update(text).digest('hex');
  }

  async run(
    call: (name: string | undefined, args: readonly RedisArgument[]) => Promise<unknown>,
    keys: readonly string[],
    args: readonly RedisArgument[],
  ): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await call(keys[0], ['EVALSHA', this.#digest, ...rest]);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return call(keys[0], ['EVAL', this.text, ...rest]);
    }
  }
}

/**
 * Reads records with the milliseconds that they have left: `[epoch,] record, left, record, left, ...`.
 *
 * KEYS: with ARGV[1] = '1' the state first, then the entries. A key of another type gives 0: MGET has
 * nothing for it, yet it has a lifetime.
 */
export const READ = new RedisScript(`
local out = {}
local first = 1
if ARGV[1] == '1' then
  local epoch = redis.pcall('HGET', KEYS[1], 'epoch')
  out[1] = type(epoch) == 'string' and epoch
  first = 2
end
local records = redis.call('MGET', unpack(KEYS, first))
for i = first, #KEYS do
  local record = records[i - first + 1]
  local left = redis.call('PTTL', KEYS[i])
  out[#out + 1] = record or (left ~= -2 and 0)
  out[#out + 1] = left
end
return out
`);

/**
 * Puts ARGV[2] in the place of the record that begins with ARGV[1], for ARGV[3] milliseconds ('' for ever); an empty ARGV[2]
 * removes it. Where another record stands there it does nothing. @returns 1 where it did, else 0.
 */
export const REPLACE = new RedisScript(`
local found = redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1)
if found ~= ARGV[1] then return 0 end
if ARGV[2] == '' then
  redis.call('PEXPIRE', KEYS[1], 0)
elseif ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
return 1
`);

/** Gives the record that begins with ARGV[1] another ARGV[2] milliseconds. @returns 1 where it stands there, else 0. */
export const PROLONG = new RedisScript(`
if redis.pcall('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`);

/**
 * The next fencing number: above the last one, and above the clock of Redis in microseconds, so that it goes on to rise where
 * the last one was lost.
 */
export const NEXT_FENCING = new RedisScript(`
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local last = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
local next = math.max(last + 1, now)
redis.call('SET', KEYS[1], string.format('%.0f', next))
return string.format('%.0f', next)
`);
