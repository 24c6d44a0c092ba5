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
  ])('%s with %j: %s', (method, headers, decision) => {
    expect(decideRequest(method, headers)).toBe(decision);
  });
});
