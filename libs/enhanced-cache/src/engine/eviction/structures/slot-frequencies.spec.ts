import { growAtOnce } from '../../enlarge.js';
import { MAX_FREQUENCY, SlotFrequencies } from './slot-frequencies.js';

describe('SlotFrequencies', () => {
  const frequenciesOf = (capacity: number): SlotFrequencies => {
    const frequencies = new SlotFrequencies();
    growAtOnce(frequencies.grow(capacity));
    return frequencies;
  };

  it('counts an insertion and every use after it', () => {
    const frequencies = frequenciesOf(2);
    expect(frequencies.start(1, 0)).toBe(1);
    expect([frequencies.increment(1), frequencies.increment(1), frequencies.of(1)]).toEqual([2, 3, 3]);
  });

  it('starts anew when the slot is used again, from the reads it is told of', () => {
    const frequencies = frequenciesOf(1);
    frequencies.start(0, 0);
    for (let i = 0; i < 9; i++) frequencies.increment(0);
    expect(frequencies.start(0, 4)).toBe(5);
  });

  it('stops counting at its bound', () => {
    const frequencies = frequenciesOf(1);
    expect(frequencies.start(0, 1e9)).toBe(MAX_FREQUENCY);
    expect(frequencies.increment(0)).toBe(MAX_FREQUENCY);
  });

  it('keeps its counts when it grows', () => {
    const frequencies = frequenciesOf(1);
    frequencies.start(0, 6);
    growAtOnce(frequencies.grow(64));
    expect([frequencies.of(0), frequencies.start(63, 0)]).toEqual([7, 1]);
  });
});
