import { decideRequest } from './request-decision.js';

describe('decideRequest', () => {
  it.each([
    ['GET', {}, 'lookup'],
    ['HEAD', {}, 'peek'],
    ['POST', {}, 'bypass'],
    ['QUERY', {}, 'bypass'],
    ['GET', { 'cache-control': 'no-store' }, 'bypass'],
    ['GET', { 'cache-control': 'no-store, no-cache' }, 'bypass'],
    ['GET', { 'cache-control': 'no-cache' }, 'refresh'],
    ['HEAD', { 'cache-control': 'no-cache' }, 'bypass'],
    ['GET', { pragma: 'no-cache' }, 'refresh'],
    ['GET', { pragma: 'no-cache', 'cache-control': 'max-age=5' }, 'lookup'],
    ['GET', { 'content-length': '12' }, 'bypass'],
    ['GET', { 'content-length': '0' }, 'lookup'],
    ['GET', { 'transfer-encoding': 'chunked' }, 'bypass'],
    ['GET', { range: 'bytes=0-9' }, 'bypass'],
    ['OPTIONS', {}, 'bypass'],
  ])('%s with %j: %s', (method, headers, decision) => {
    expect(decideRequest(method, headers).use).toBe(decision);
  });

  it.each([
    ['max-age=60', 'lookup', 60, 0, false],
    ['max-age="60", min-fresh=5', 'lookup', 60, 5, false],
    ['max-age=soon', 'lookup', 0, 0, false],
    ['max-stale=60', 'lookup', Infinity, 0, false],
    ['only-if-cached', 'lookup', Infinity, 0, true],
    ['only-if-cached, no-store', 'peek', Infinity, 0, true],
    ['only-if-cached, no-cache', 'refresh', Infinity, 0, true],
  ])('Cache-Control: %s', (field, use, maxAgeSeconds, minFreshSeconds, onlyIfCached) => {
    const decision = decideRequest('GET', { 'cache-control': field });
    expect(decision).toEqual({ use, maxAgeSeconds, minFreshSeconds, onlyIfCached });
  });
});
