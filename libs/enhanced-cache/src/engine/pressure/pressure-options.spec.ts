import { FakeClock } from '../ports/fake-clock.js';
import { FakeMemoryProbe } from '../ports/fake-memory-probe.js';
import { SYSTEM_MEMORY } from '../ports/system-memory-probe.js';
import { resolveOptions } from '../options/resolve-options.js';
import { resolveMemoryPressure } from './pressure-options.js';

describe('resolveMemoryPressure', () => {
  it('watches the process unless it is switched off', () => {
    expect(resolveMemoryPressure(false)).toBeUndefined();
    expect(resolveMemoryPressure(true)).toEqual({
      okPercent: 75,
      highPercent: 85,
      criticalPercent: 93,
      minBytes: 1024 * 1024,
      probe: SYSTEM_MEMORY,
    });
    expect(resolveMemoryPressure({ highPercent: 80, minMemoryMb: 0, okPercent: undefined })).toMatchObject({
      okPercent: 75,
      highPercent: 80,
      minBytes: 0,
    });
  });

  it('watches nothing by a clock that stands still, but for a probe that was given', () => {
    const clock = new FakeClock();
    const probe = new FakeMemoryProbe();
    expect(resolveOptions({ clock }).memoryPressure).toBeUndefined();
    expect(resolveOptions({ clock, memoryPressure: {} }).memoryPressure).toBeUndefined();
    expect(resolveOptions({ clock, memoryPressure: { probe } }).memoryPressure?.probe).toBe(probe);
  });

  it.each<[unknown, string]>([
    ['yes', 'memoryPressure: expected true, false or an object, received "yes"'],
    [null, 'memoryPressure: expected true, false or an object, received null'],
    [{ okPercent: 0 }, 'memoryPressure.okPercent: expected a percentage > 0, received 0'],
    [{ okPercent: '70' }, 'memoryPressure.okPercent: expected a percentage > 0, received "70"'],
    [{ okPercent: NaN }, 'memoryPressure.okPercent: expected a percentage > 0, received NaN'],
    [{ highPercent: 75 }, 'memoryPressure.highPercent: expected a percentage above okPercent (75), received 75'],
    [
      { criticalPercent: 100 },
      'memoryPressure.criticalPercent: expected a percentage above highPercent (85) and below 100, received 100',
    ],
    [
      { highPercent: 95 },
      'memoryPressure.criticalPercent: expected a percentage above highPercent (95) and below 100, received 93',
    ],
    [{ minMemoryMb: -1 }, 'memoryPressure.minMemoryMb: expected a number of MiB >= 0, received -1'],
    [{ minMemoryMb: Infinity }, 'memoryPressure.minMemoryMb: expected a number of MiB >= 0, received Infinity'],
    [{ probe: { heap: () => 1 } }, 'memoryPressure.probe: expected an object with heap, process, onCollection'],
    [{ probe: null }, 'memoryPressure.probe: expected an object with heap, process, onCollection'],
    [{ shed: 1 }, 'memoryPressure.shed: expected no option of that name (known: okPercent, highPercent'],
  ])('refuses %j', (value, message) => {
    expect(() => resolveOptions({ memoryPressure: value as never })).toThrow(message);
  });
});
