import { InvalidOptionsError } from '../engine/errors.js';
import { resolveRedisOptions } from './redis-tier-options.js';

const URL_OPTION = { url: 'redis://user:secret@127.0.0.1:6379' };

describe('resolveRedisOptions', () => {
  it('decides every option that is not given', () => {
    expect(resolveRedisOptions(URL_OPTION)).toEqual({
      keyPrefix: undefined,
      format: 'binary',
      memoryTtlMs: Infinity,
      awayTtlMs: 10_000,
      leaseMs: 10_000,
      awaitWrites: true,
      times: { deadlineMs: 250, heartbeatMs: 1000, connectDeadlineMs: 1000, firstRetryMs: 50, lastRetryMs: 1000 },
    });
  });

  it.each<[string, object]>([
    ['redis.nonsense', { ...URL_OPTION, nonsense: 1 }],
    ['redis', {}],
    ['redis', { ...URL_OPTION, cluster: { nodes: ['redis://secret'] } }],
    ['redis.url', { url: 'http://user:secret@host' }],
    ['redis.url', { url: 'redis:// secret' }],
    ['redis.options', { client: { duplicate: () => undefined }, options: { password: 'secret' } }],
    ['redis.client', { client: {} }],
    ['redis.cluster.nodes', { cluster: { nodes: [] } }],
    ['redis.sentinel', { sentinel: { name: 'x' } }],
    ['redis.keyPrefix', { ...URL_OPTION, keyPrefix: 'a|b' }],
    ['redis.keyPrefix', { ...URL_OPTION, keyPrefix: '' }],
    ['redis.keyPrefix', { ...URL_OPTION, keyPrefix: 'a b' }],
    ['redis.format', { ...URL_OPTION, format: 'xml' }],
    ['redis.awaitWrites', { ...URL_OPTION, awaitWrites: 1 }],
    ['redis.deadline', { ...URL_OPTION, deadline: 0 }],
    ['redis.lease', { ...URL_OPTION, lease: null }],
    ['redis.memoryTtl', { ...URL_OPTION, memoryTtl: -1 }],
  ])('refuses %s where it cannot work, without showing secrets', (option, options) => {
    expect.assertions(3);
    try {
      resolveRedisOptions(options);
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidOptionsError);
      expect((error as InvalidOptionsError).option).toBe(option);
      expect((error as Error).message).not.toContain('secret');
    }
  });
});
