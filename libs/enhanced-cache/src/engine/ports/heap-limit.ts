/** What decides the limit of a heap. */
export interface HeapFlags {
  /** Of `process.execArgv` and `NODE_OPTIONS`, the latter first: what comes later counts. */
  readonly flags: readonly string[];
  /** That of a worker thread, in MiB; it is not set in the main thread. */
  readonly workerLimitMb: number | undefined;
  readonly nodeMajor: number;
}

const BYTES_PER_MIB = 1024 * 1024;
/** V8 keeps two halves of the young generation and as much again for large objects. */
const SEMI_SPACES = 3;
/** The largest such half where no flag says otherwise, in MiB: four times as large since Node 24. */
const SEMI_SPACE_MB = 16;
const SEMI_SPACE_MB_SINCE_NODE_24 = 64;

/**
 * Where objects that live long run out of room, in bytes: the limit of the old generation.
 *
 * V8's figure for the whole, `heap_size_limit`, has the young generation in it, which caches cannot use: with
 * `--max-old-space-size=128` it says 176 MiB on Node 20 and 320 on Node 24, and the process dies at 128.
 */
export function oldGenerationLimit(heapSizeLimit: number, { flags, workerLimitMb, nodeMajor }: HeapFlags): number {
  const oldMb = workerLimitMb ?? megabytes(flags, 'max-old-space-size');
  if (oldMb !== undefined && oldMb > 0) return Math.min(oldMb * BYTES_PER_MIB, heapSizeLimit);
  const defaultMb = nodeMajor >= 24 ? SEMI_SPACE_MB_SINCE_NODE_24 : SEMI_SPACE_MB;
  const youngBytes = SEMI_SPACES * (megabytes(flags, 'max-semi-space-size') ?? defaultMb) * BYTES_PER_MIB;
  return Math.max(heapSizeLimit - youngBytes, heapSizeLimit / 2);
}

/** The last value of `--<name>=<number>`; V8 takes underscores for dashes. */
function megabytes(flags: readonly string[], name: string): number | undefined {
  const values = flags
    .map((flag) => flag.replaceAll('_', '-'))
    .filter((flag) => flag.startsWith(`--${name}=`))
    .map((flag) => Number(flag.slice(name.length + 3)));
  return values.findLast((value) => value > 0);
}
