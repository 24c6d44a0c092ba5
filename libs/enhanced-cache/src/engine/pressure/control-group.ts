import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { ProcessReading } from '../ports/memory-probe.js';

/** The text of a file, `undefined` where it cannot be read. */
export type ReadText = (path: string) => string | undefined;

const ROOT = '/sys/fs/cgroup';
/** Kernels write a number near 2^63 where version 1 has no limit. */
const NO_LIMIT_BYTES = 2 ** 60;

/** Names of the files of one version, in the folder of a group. */
interface Layout {
  readonly limit: string;
  readonly usage: string;
  /** The line of `memory.stat` with what the system takes back when it needs room. */
  readonly reclaimable: string;
}

const VERSION_2: Layout = { limit: 'memory.max', usage: 'memory.current', reclaimable: 'inactive_file' };
const VERSION_1: Layout = {
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  reclaimable: 'total_inactive_file',
};

/**
 * The limit of memory under which Linux runs this process (containers have one), and how much of it is taken.
 *
 * Taken is what the out-of-memory killer goes by, the working set: usage without inactive pages of files, as the kubelet
 * counts it. Limits of groups further up count as well; the tightest one is reported. A limit may be changed at any time, so it is
 * read each time.
 *
 * Linux kernel documentation, "Control Group v2", Memory Interface Files; "cgroup-v1/memory.rst".
 */
export class ControlGroup {
  #groups: { folder: string; layout: Layout }[] | undefined;

  constructor(private readonly readText: ReadText = readFile) {}

  /** `undefined` where there is no control group, or none with a limit. */
  read(): ProcessReading | undefined {
    this.#groups ??= this.#find();
    let tightest: ProcessReading | undefined;
    for (const { folder, layout } of this.#groups) {
      const limitBytes = this.#number(`${folder}/${layout.limit}`);
      if (limitBytes === undefined || limitBytes >= NO_LIMIT_BYTES) continue;
      const usage = this.#number(`${folder}/${layout.usage}`);
      if (usage === undefined) continue;
      const usedBytes = Math.max(usage - this.#statistic(folder, layout.reclaimable), 0);
      if (tightest === undefined || limitBytes - usedBytes < tightest.limitBytes - tightest.usedBytes) {
        tightest = { usedBytes, limitBytes };
      }
    }
    return tightest;
  }

  /** The group of this process and those above it. Inside a container its own is the root of what can be seen. */
  #find(): { folder: string; layout: Layout }[] {
    const lines = (this.readText('/proc/self/cgroup') ?? '').split('\n').map((line) => line.split(':'));
    const second = lines.find(([id, controllers]) => id === '0' && controllers === '');
    const first = lines.find(([, controllers]) => controllers?.split(',').includes('memory'));
    return [
      ...(first ? withParents(`${ROOT}/memory`, first[2], VERSION_1) : []),
      ...(second ? withParents(ROOT, second[2], VERSION_2) : []),
    ].filter(({ folder, layout }) => this.readText(`${folder}/${layout.limit}`) !== undefined);
  }

  #number(path: string): number | undefined {
    const text = this.readText(path);
    // `max` stands for none in version 2.
    return text === undefined || !/^\d+\s*$/.test(text) ? undefined : Number(text);
  }

  #statistic(folder: string, name: string): number {
    const line = (this.readText(`${folder}/memory.stat`) ?? '').split('\n').find((each) => each.startsWith(`${name} `));
    return line === undefined ? 0 : Number(line.slice(name.length + 1));
  }
}

function withParents(root: string, group: string, layout: Layout): { folder: string; layout: Layout }[] {
  const folders: string[] = [];
  for (let path = posix.normalize(`/${group}`); ; path = posix.dirname(path)) {
    folders.push(path === '/' ? root : `${root}${path}`);
    if (path === '/') return folders.map((folder) => ({ folder, layout }));
  }
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Another system, or a container that hides the file: then this limit is not known.
    return undefined;
  }
}
