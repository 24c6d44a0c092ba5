import { classLabel } from './class-label.js';

describe('classLabel', () => {
  it('is the name of the class, and never that of another one', () => {
    const [first, second] = [1, 2].map(() => class LabelledTwice {});
    expect([classLabel(first), classLabel(second), classLabel(first)]).toEqual([
      'LabelledTwice',
      'LabelledTwice#2',
      'LabelledTwice',
    ]);
  });

  it('has a word for classes without a name', () => {
    expect(classLabel((() => class {})())).toMatch(/^\(anonymous\)/);
  });
});
