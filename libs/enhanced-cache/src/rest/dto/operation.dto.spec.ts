import { ConfigureDto, toReconfiguration } from './operation.dto.js';
import { readFields } from './wire-input.js';

const changes = (body: object) => toReconfiguration(readFields(ConfigureDto, body, 'body'));

describe('ConfigureDto', () => {
  it('names only what was given', () => {
    expect(changes({})).toEqual({});
    expect(changes({ default_ttl: null, enable_analytics: false })).toEqual({
      defaultTtl: null,
      enableAnalytics: false,
    });
  });

  it.each<[unknown, number]>([
    [0, 0],
    [9, 9],
    ['NONE', 0],
    ['fast', 1],
    ['Default', 6],
    ['MAX', 9],
  ])('takes the compression level %j', (given, level) => {
    expect(changes({ compression_level: given })).toEqual({ compressionLevel: level });
  });

  it.each([2, '6', '', 'constructor', null, true])('refuses the compression level %j', (given) => {
    expect(() => changes({ compression_level: given })).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('takes policies in any case', () => {
    expect(changes({ eviction_policy: 'HYBRID' })).toEqual({ evictionPolicy: 'hybrid' });
    expect(() => changes({ eviction_policy: 'mru' })).toThrow();
  });
});
