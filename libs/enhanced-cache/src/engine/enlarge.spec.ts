import { enlarge, enlargeList } from './enlarge.js';

describe('enlarge', () => {
  it('keeps the type and the contents and fills what is new', () => {
    const larger = enlarge(Int16Array.of(3, -4), 5, -1);
    expect(larger).toEqual(Int16Array.of(3, -4, -1, -1, -1));
    expect(enlarge(Float64Array.of(0.5), 3)).toEqual(Float64Array.of(0.5, 0, 0));
  });

  it('hands back the array itself where it is long enough', () => {
    const array = Uint8Array.of(1, 2, 3);
    expect(enlarge(array, 3)).toBe(array);
    expect(enlarge(array, 1)).toBe(array);
  });
});

describe('enlargeList', () => {
  it('keeps what is there, and leaves what is new empty', () => {
    const larger = enlargeList<string | undefined>(['a', undefined, 'b'], 5);
    expect(larger).toHaveLength(5);
    expect([...larger]).toEqual(['a', undefined, 'b', undefined, undefined]);
  });

  it('hands back the list itself where it is long enough', () => {
    const list = [1, 2, 3];
    expect(enlargeList(list, 3)).toBe(list);
    expect(enlargeList(list, 1)).toBe(list);
  });
});
