import { enlarge } from './enlarge.js';

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
