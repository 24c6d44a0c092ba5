import { headerList, headerText } from './headers.js';

describe('headers', () => {
  it('reads a field as one text, lists and numbers included', () => {
    expect([headerText({ a: ['x', 'y'] }, 'a'), headerText({ a: 5 }, 'a'), headerText({}, 'a')]).toEqual([
      'x, y',
      '5',
      undefined,
    ]);
  });

  it('reads the members of a list without case and empty ones', () => {
    expect(headerList({ vary: 'Accept, , ORIGIN' }, 'vary')).toEqual(['accept', 'origin']);
  });
});
