import { isNotModified } from './conditions.js';

const ETAGS = ['"a"', '"a-gzip"'];
const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const LATER = 'Fri, 02 Jan 2026 00:00:00 GMT';

describe('isNotModified', () => {
  it.each([
    ['no condition', {}, false],
    ['the tag', { 'if-none-match': '"a"' }, true],
    ['the tag of another coding', { 'if-none-match': '"b", W/"a-gzip"' }, true],
    ['another tag', { 'if-none-match': '"b"' }, false],
    ['any', { 'if-none-match': '*' }, true],
    ['the date', { 'if-modified-since': DATE }, true],
    ['a later date', { 'if-modified-since': LATER }, true],
    ['an earlier date', { 'if-modified-since': 'Wed, 31 Dec 2025 00:00:00 GMT' }, false],
    ['what is no date', { 'if-modified-since': 'now' }, false],
    ['another tag, whatever the date', { 'if-none-match': '"b"', 'if-modified-since': LATER }, false],
  ])('%s', (_what, headers, holds) => {
    expect(isNotModified(headers, ETAGS, DATE)).toBe(holds);
  });

  it('needs a date to compare with', () => {
    expect(isNotModified({ 'if-modified-since': LATER }, ETAGS, undefined)).toBe(false);
  });
});
