import { acceptedCodings, codedTag, isCompressible } from './content-coding.js';

describe('acceptedCodings', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['gzip', ['gzip']],
    ['gzip, deflate, br, zstd', ['br', 'gzip']],
    ['GZIP;Q=1', ['gzip']],
    ['br;q=0.5, gzip;q=0.8', ['gzip', 'br']],
    ['br;q=0, gzip', ['gzip']],
    ['*', ['br', 'gzip']],
    ['*;q=0.5, br;q=0', ['gzip']],
    ['identity, gzip;q=0.5', []],
    ['x-gzip', ['gzip']],
    ['deflate', []],
    ['gzip;q=much', []],
  ])('%s: %j', (field, codings) => {
    expect(acceptedCodings(field)).toEqual(codings);
    expect(acceptedCodings(field)).toEqual(codings);
  });

  it('remembers a bounded number of texts, and judges the others as well', () => {
    for (let i = 0; i < 300; i++) expect(acceptedCodings(`gzip;q=0.${i + 1}`)).toEqual(['gzip']);
  });
});

describe('isCompressible', () => {
  it.each([
    ['application/json; charset=utf-8', true],
    ['application/problem+json', true],
    ['text/html', true],
    ['image/svg+xml', true],
    ['application/javascript', true],
    ['text/event-stream', false],
    ['image/png', false],
    ['application/octet-stream', false],
    [undefined, false],
  ])('%s: %s', (type, is) => {
    expect(isCompressible(type)).toBe(is);
  });
});

describe('codedTag', () => {
  it('differs by coding and stays as strong or weak as it was', () => {
    expect([codedTag('"a"', 'gzip'), codedTag('W/"a"', 'br')]).toEqual(['"a-gzip"', 'W/"a-br"']);
  });
});
