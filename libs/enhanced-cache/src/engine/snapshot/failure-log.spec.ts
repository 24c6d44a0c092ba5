import { CacheClosedError } from '../errors.js';
import { FailureLog, MAX_REPORTED_FAILURES } from './failure-log.js';

describe('FailureLog', () => {
  it('counts every failure and tells the first ones', () => {
    const log = new FailureLog();
    for (let index = 0; index < MAX_REPORTED_FAILURES + 50; index++) log.add(`key:${index}`, new Error('refused'));
    expect(log.count).toBe(MAX_REPORTED_FAILURES + 50);
    expect(log.errors).toHaveLength(MAX_REPORTED_FAILURES);
    expect(log.errors[0]).toEqual({ key: 'key:0', message: 'refused' });
  });

  it('repeats a bounded part of a key', () => {
    const log = new FailureLog();
    log.add('k'.repeat(1e6), 'refused');
    expect(log.errors).toEqual([{ key: `${'k'.repeat(256)}...`, message: 'refused' }]);
  });

  it('throws on that the cache is closed, which no later entry can survive either', () => {
    const log = new FailureLog();
    expect(() => log.add('key', new CacheClosedError())).toThrow(CacheClosedError);
    expect(log.count).toBe(0);
  });
});
