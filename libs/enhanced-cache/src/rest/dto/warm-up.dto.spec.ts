import { WarmUpDto } from './warm-up.dto.js';
import { readFields } from './wire-input.js';

const read = (body: object) => readFields(WarmUpDto, body, 'body');

describe('WarmUpDto', () => {
  it('leaves it to the cache which entries can be stored', () => {
    const entries = [{ key: '', value: null, ttl: -1, tags: 'none' }];
    expect(read({ entries }).entries).toBe(entries);
  });

  it.each<[object, RegExp]>([
    [{ entries: {} }, /^entries: expected an array of entries, received an object/],
    [{ entries: [null] }, /^entries\[0\]: expected an object, received null$/],
    [{ entries: [{ value: 1 }] }, /^entries\[0\]\.key: expected a string, received undefined$/],
    [{ entries: [{ key: 'a' }] }, /^entries\[0\]\.value: expected any JSON value/],
    [
      {
        entries: [
          { key: 'a', value: 1 },
          { key: 'b', value: 1, tag: 'x' },
        ],
      },
      /^entries\[1\]\.tag: no field of that name/,
    ],
    [{ data: null }, /^data: expected an object, received null$/],
    [{ data: {}, ttl: 0 }, /^ttl: /],
  ])('refuses %j', (body, sentence) => {
    try {
      read(body);
    } catch (error) {
      expect((error as { getResponse(): { message: string[] } }).getResponse().message[0]).toMatch(sentence);
    }
    expect.assertions(1);
  });
});
