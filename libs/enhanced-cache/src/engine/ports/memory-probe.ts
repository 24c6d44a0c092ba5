/** The JavaScript heap of this thread and what its objects hold outside of it. */
export interface HeapReading {
  /** Garbage that was not collected yet included. */
  readonly usedBytes: number;
  /** What of {@link usedBytes} stands in the young generation, in which a collection of the whole heap leaves nothing. */
  readonly youngBytes: number;
  /** Where the process would die: that of the old generation, `--max-old-space-size`. */
  readonly limitBytes: number;
  /** Memory outside of the heap that belongs to JavaScript objects: contents of Buffers and the like. */
  readonly externalBytes: number;
}

/** What the operating system charges this process, or its container, for. */
export interface ProcessReading {
  /** Without caches of files that the system takes back when it needs room. */
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Where the engine learns how much memory the process takes. */
export interface MemoryProbe {
  heap(): HeapReading;
  /** `undefined` where nothing limits the process. */
  process(): ProcessReading | undefined;
  /**
   * Calls `collected` soon after each collection of the whole heap, when {@link heap} is close to what is really in use.
   *
   * @returns what takes the listener off again. It never keeps a process alive.
   */
  onCollection(collected: () => void): () => void;
}
