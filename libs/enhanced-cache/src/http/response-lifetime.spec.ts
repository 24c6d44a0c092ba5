import { responseLifetime } from './response-lifetime.js';

const NOW = Date.UTC(2026, 0, 1);
const inSeconds = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString();

describe('responseLifetime', () => {
  it.each([
    ['nothing', {}, undefined, undefined, undefined],
    ['max-age', { 'cache-control': 'max-age=60' }, 60, undefined, undefined],
    ['s-maxage before max-age', { 'cache-control': 'max-age=60, s-maxage=5' }, 5, undefined, undefined],
    ['max-age before Expires', { 'cache-control': 'max-age=60', expires: inSeconds(5) }, 60, undefined, undefined],
    ['Expires', { expires: inSeconds(90) }, 90, undefined, undefined],
    ['Expires in the past', { expires: inSeconds(-90) }, 0, undefined, undefined],
    ['Expires: 0', { expires: '0' }, 0, undefined, undefined],
    ['stale directives', { 'cache-control': 'max-age=1, stale-while-revalidate=2, stale-if-error=3' }, 1, 2, 3],
    ['must-revalidate', { 'cache-control': 'max-age=1, must-revalidate, stale-if-error=3' }, 1, 0, 0],
    ['proxy-revalidate', { 'cache-control': 'max-age=1, proxy-revalidate' }, 1, 0, 0],
  ])('%s', (_what, headers, freshSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds) => {
    expect(responseLifetime(headers, NOW)).toEqual({ freshSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds });
  });
});
