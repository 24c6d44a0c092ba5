import { resolveOptions } from '../options/resolve-options.js';
import { FakeClock } from '../ports/fake-clock.js';
import { FakeMemoryProbe } from '../ports/fake-memory-probe.js';
import { SYSTEM_MEMORY } from '../ports/system-memory-probe.js';
import { resolveMemoryPressure } from './pressure-options.js';

describe('resolveMemoryPressure', () => {
  it('watches the process unless it is switched off', () => {
    expect(resolveMemoryPressure(false).probe).toBeUndefined();
    expect(resolveMemoryPressure(true).probe).toBe(SYSTEM_MEMORY);
    const own = resolveMemoryPressure({ heap: { highPercent: 70, okPercent: undefined }, minMemoryMb: 0 });
    expect(own).toEqual({
      heap: { okPercent: 65, highPercent: 70, criticalPercent: 85 },
      container: { okPercent: 75, highPercent: 85, criticalPercent: 93 },
      minBytes: 0,
      probe: SYSTEM_MEMORY,
    });
  });

  it('watches nothing by a clock that stands still, but for a probe that was given', () => {
    const clock = new FakeClock();
    const probe = new FakeMemoryProbe();
    expect(resolveOptions({ clock }).memoryPressure.probe).toBeUndefined();
    expect(resolveOptions({ clock, memoryPressure: {} }).memoryPressure.probe).toBeUndefined();
    expect(resolveOptions({ clock, memoryPressure: { probe } }).memoryPressure.probe).toBe(probe);
  });

  it.each<[unknown, string]>([
    ['yes', 'memoryPressure: expected true, false or an object, received "yes"'],
    [null, 'memoryPressure: expected true, false or an object, received null'],
    [{ heap: 80 }, 'memoryPressure.heap: expected an object, received 80'],
    [
      { heap: { okPercent: 0 } },
      'memoryPressure.heap.okPercent: expected a percentage above 0 and below 100, received 0',
    ],
    [{ heap: { okPercent: '70' } }, 'memoryPressure.heap.okPercent: expected a percentage above 0'],
    [{ heap: { okPercent: NaN } }, 'memoryPressure.heap.okPercent: expected a percentage above 0'],
    [{ heap: { highPercent: 65 } }, 'memoryPressure.heap.highPercent: expected a percentage above 65 and below 100'],
    [
      { container: { highPercent: 95 } },
      'memoryPressure.container.criticalPercent: expected a percentage above 95 and below 100, received 93',
    ],
    [
      { container: { criticalPercent: 100 } },
      'memoryPressure.container.criticalPercent: expected a percentage above 85',
    ],
    [{ container: { high: 1 } }, 'memoryPressure.container.high: expected no option of that name (known: okPercent'],
    [{ minMemoryMb: -1 }, 'memoryPressure.minMemoryMb: expected a number of MiB >= 0, received -1'],
    [{ minMemoryMb: Infinity }, 'memoryPressure.minMemoryMb: expected a number of MiB >= 0, received Infinity'],
    [{ probe: { heap: () => 1 } }, 'memoryPressure.probe: expected an object with heap, process, onCollection'],
    [{ probe: null }, 'memoryPressure.probe: expected an object with heap, process, onCollection'],
    [{ shed: 1 }, 'memoryPressure.shed: expected no option of that name (known: heap, container, minMemoryMb, probe)'],
  ])('refuses %j', (value, message) => {
    expect(() => resolveOptions({ memoryPressure: value as never })).toThrow(message);
  });
});
