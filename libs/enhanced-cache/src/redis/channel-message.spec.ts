import * as fc from 'fast-check';
import type { Invalidation } from '../engine/ports/coherence-bus.js';
import { inPortions, MAX_NAMES, readMessage, writeMessage } from './channel-message.js';

describe('a message on the channel', () => {
  it.each<Invalidation>([
    { scope: 'keys', keys: ['a', '__proto__', 'é'], stale: true },
    { scope: 'tags', tags: ['t'], match: 'all', stale: false },
    { scope: 'everything' },
  ])('comes back as it was: %j', (invalidation) => {
    expect(readMessage(writeMessage('me', invalidation))).toEqual({ sender: 'me', invalidation });
  });

  it.each([
    '["x","zz"]',
    '["x","k",1,["a"]]',
    '["x","k",true,[1]]',
    '["x","k",true,[""]]',
    '["x","t",true,"some",["a"]]',
  ])('of an unknown kind is one all the same, as its sender counts it: %s', (text) =>
    expect(readMessage(text)).toEqual({ sender: 'x', invalidation: 'unknown' }),
  );

  it('is none where it is too long, or no list of a sender and a kind', () => {
    for (const text of ['', '{', '[]', '["x"]', '[1,"k"]', 'null', `["x","k",true,["${'a'.repeat(2 ** 20)}"]]`]) {
      expect(readMessage(text)).toBeUndefined();
    }
    fc.assert(fc.property(fc.string(), (text) => readMessage(text) === undefined || JSON.parse(text).length > 1));
    fc.assert(fc.property(fc.json(), (text) => (readMessage(text), true)));
  });

  it('names so many keys at most, and together they name all', () => {
    const keys = Array.from({ length: 2 * MAX_NAMES + 1 }, (_, i) => `k${i}`);
    const portions = inPortions({ scope: 'keys', keys, stale: false });
    expect(portions).toHaveLength(3);
    expect(portions.flatMap((portion) => (portion.scope === 'keys' ? portion.keys : []))).toEqual(keys);
    expect(inPortions({ scope: 'everything' })).toEqual([{ scope: 'everything' }]);
  });
});
