import { oldGenerationLimit } from './heap-limit.js';

const MIB = 1024 * 1024;
const HERE = { flags: [], workerLimitMb: undefined, nodeMajor: 20 };

describe('oldGenerationLimit', () => {
  it('is what the flag says, the last one where there are several', () => {
    expect(oldGenerationLimit(176 * MIB, { ...HERE, flags: ['--max-old-space-size=128'] })).toBe(128 * MIB);
    const flags = ['--max-old-space-size=64', '--inspect', '--max_old_space_size=128'];
    expect(oldGenerationLimit(176 * MIB, { ...HERE, flags })).toBe(128 * MIB);
  });

  it('is that of the worker thread in one', () => {
    const flags = ['--max-old-space-size=4096'];
    expect(oldGenerationLimit(112 * MIB, { ...HERE, flags, workerLimitMb: 64 })).toBe(64 * MIB);
  });

  it('is the whole without the young generation where nothing is said', () => {
    expect(oldGenerationLimit(4144 * MIB, HERE)).toBe(4096 * MIB);
    expect(oldGenerationLimit(4288 * MIB, { ...HERE, nodeMajor: 24 })).toBe(4096 * MIB);
    expect(oldGenerationLimit(4192 * MIB, { ...HERE, flags: ['--max-semi-space-size=32'] })).toBe(4096 * MIB);
  });

  it('is never above the whole, nor nothing', () => {
    expect(oldGenerationLimit(100 * MIB, { ...HERE, flags: ['--max-old-space-size=128'] })).toBe(100 * MIB);
    expect(oldGenerationLimit(40 * MIB, HERE)).toBe(20 * MIB);
    expect(
      oldGenerationLimit(176 * MIB, { ...HERE, flags: ['--max-old-space-size=0', '--max-old-space-size=x'] }),
    ).toBe(128 * MIB);
  });
});
