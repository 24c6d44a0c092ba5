import { mergedVary } from './merged-vary.js';

describe('mergedVary', () => {
  it.each([
    [undefined, ['accept'], 'accept'],
    ['', ['accept'], 'accept'],
    ['Origin', ['accept'], 'Origin, accept'],
    ['Origin, Accept', ['accept', 'x-a'], 'Origin, Accept, x-a'],
    ['Accept', ['accept'], 'Accept'],
    [['Origin', 'Accept'], ['x-a'], 'Origin,Accept, x-a'],
  ])('%j and %j: %s', (present, names, merged) => {
    expect(mergedVary(present, names)).toBe(merged);
  });
});
