import { nestsDeeperThan } from './nesting.js';

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

describe('nestsDeeperThan', () => {
  it.each<[unknown, number, boolean]>([
    ['text', 0, false],
    [null, 0, false],
    [[], 0, true],
    [[], 1, false],
    [{ a: { b: 1 } }, 2, false],
    [{ a: { b: 1 } }, 1, true],
    [{ flat: 1, deep: [[{ end: null }]] }, 3, true],
    [nested(100_000), 500, true],
    [nested(500), 500, false],
  ])('tells how deep a tree is (case %#)', (tree, levels, deeper) => {
    expect(nestsDeeperThan(tree, levels)).toBe(deeper);
  });
});
