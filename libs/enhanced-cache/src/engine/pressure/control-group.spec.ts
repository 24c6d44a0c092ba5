import { ControlGroup } from './control-group.js';

const MIB = 1024 * 1024;

/** A system of which these files can be read. */
function groupOf(files: Record<string, string>): ControlGroup {
  return new ControlGroup((path) => files[path]);
}

describe('ControlGroup', () => {
  it('reads the working set and the limit of version 2, as inside of a container', () => {
    const group = groupOf({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': `${512 * MIB}\n`,
      '/sys/fs/cgroup/memory.current': `${300 * MIB}\n`,
      '/sys/fs/cgroup/memory.stat': `anon 1\ninactive_file ${100 * MIB}\nactive_file 5\n`,
    });
    expect(group.read()).toEqual({ usedBytes: 200 * MIB, limitBytes: 512 * MIB });
  });

  it('reads version 1, whose own group may not be visible', () => {
    const files = {
      '/proc/self/cgroup': '4:memory:/docker/abc\n1:cpu,cpuacct:/\n0::/\n',
      '/sys/fs/cgroup/memory/memory.limit_in_bytes': `${256 * MIB}\n`,
      '/sys/fs/cgroup/memory/memory.usage_in_bytes': `${128 * MIB}\n`,
      '/sys/fs/cgroup/memory/memory.stat': `inactive_file 1\ntotal_inactive_file ${28 * MIB}\n`,
    };
    expect(groupOf(files).read()).toEqual({ usedBytes: 100 * MIB, limitBytes: 256 * MIB });
  });

  it('reports the group with the least room of those that hold the process', () => {
    const files = {
      '/proc/self/cgroup': '0::/app/worker\n',
      '/sys/fs/cgroup/app/worker/memory.max': `${200 * MIB}`,
      '/sys/fs/cgroup/app/worker/memory.current': `${50 * MIB}`,
      '/sys/fs/cgroup/app/memory.max': `${300 * MIB}`,
      '/sys/fs/cgroup/app/memory.current': `${290 * MIB}`,
    };
    expect(groupOf(files).read()).toEqual({ usedBytes: 290 * MIB, limitBytes: 300 * MIB });
  });

  it.each<[string, Record<string, string>]>([
    ['there are no control groups', {}],
    ['version 2 has no limit', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': 'max\n' }],
    [
      'version 1 has none',
      {
        '/proc/self/cgroup': '4:memory:/\n',
        '/sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        '/sys/fs/cgroup/memory/memory.usage_in_bytes': '1\n',
      },
    ],
    [
      'the usage cannot be read',
      { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/memory.max': '1000\n', '/sys/fs/cgroup/memory.current': '' },
    ],
  ])('knows no limit where %s', (_, files) => {
    expect(groupOf(files).read()).toBeUndefined();
  });

  it('notices a limit that is changed while it runs', () => {
    const files: Record<string, string> = {
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': `${512 * MIB}`,
      '/sys/fs/cgroup/memory.current': `${100 * MIB}`,
    };
    const group = groupOf(files);
    group.read();
    files['/sys/fs/cgroup/memory.max'] = `${128 * MIB}`;
    expect(group.read()?.limitBytes).toBe(128 * MIB);
    files['/sys/fs/cgroup/memory.max'] = 'max';
    expect(group.read()).toBeUndefined();
  });

  it('counts no less than nothing', () => {
    const group = groupOf({
      '/proc/self/cgroup': '0::/\n',
      '/sys/fs/cgroup/memory.max': '1000',
      '/sys/fs/cgroup/memory.current': '10',
      '/sys/fs/cgroup/memory.stat': 'inactive_file 20\n',
    });
    expect(group.read()?.usedBytes).toBe(0);
  });

  it('reads this system without failing', () => {
    const reading = new ControlGroup().read() ?? { usedBytes: 1, limitBytes: 1 };
    expect(reading.usedBytes).toBeGreaterThan(0);
    expect(reading.limitBytes).toBeGreaterThan(0);
  });
});
