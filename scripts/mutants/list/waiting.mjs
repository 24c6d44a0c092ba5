const FLIGHT = 'loading/flight.ts';
const GATE = 'loading/load-gate.ts';
const LOCK = 'loading/key-lock.ts';
const BULK = 'loading/bulk-load.ts';
const LOADS = ['loading/(flight|fresh|load-runner|read-through|write-fence)'];

/** What goes wrong between those who wait: callers, loads for a place, holders of a lock. */
export const waiting = [
  {
    name: 'the source is not told when the last caller leaves',
    file: FLIGHT,
    find: '        this.abort(signal.reason);',
    replace: '',
    specs: LOADS,
  },
  {
    name: 'the first caller who leaves takes all others along',
    file: FLIGHT,
    find: '--this.#callers === 0 &&',
    replace: '--this.#callers >= 0 &&',
    specs: LOADS,
  },
  {
    name: 'listeners stay on the signals of callers',
    file: FLIGHT,
    find: `result.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));`,
    replace: 'result.then(resolve, reject);',
    specs: ['loading/flight.spec', 'catalogue/outages'],
  },
  {
    name: 'two loads may wait for each other',
    file: FLIGHT,
    find: 'if (asking && this.leadsTo(asking)) throw new RecursiveLoadError(this.key);',
    replace: '',
    specs: LOADS,
  },
  {
    name: 'a load may ask for itself once it was detached',
    file: 'loading/read-through.ts',
    find: '    assertNotRecursive(flights, key);',
    replace: '',
    specs: ['loading/read-through'],
  },
  {
    name: 'renewing behind keeps the context of the request that noticed',
    file: 'loading/load-runner.ts',
    find: 'return this.#detached(() => this.#begin(this.#flight(key, how, true), load, how));',
    replace: 'return this.#begin(this.#flight(key, how, true), load, how);',
    specs: LOADS,
  },
  {
    name: 'a place is never given back',
    file: GATE,
    find: `if (this.#state === 'held') this.gate.release();\n    else if`,
    replace: 'if',
    specs: LOADS,
  },
  {
    name: 'the last in the queue goes first',
    file: GATE,
    find: 'const [next] = this.#line;',
    replace: 'const next = [...this.#line].at(-1);',
    specs: ['loading/load-gate'],
  },
  {
    name: 'the queue has no bound',
    file: GATE,
    find: 'if (this.gate.queued >= maxQueued) {',
    replace: 'if (this.gate.queued > Infinity) {',
    specs: ['loading/load-gate', 'loading/load-runner'],
  },
  {
    name: 'who gives up keeps the place in the queue',
    file: GATE,
    find: `else if (this.#state === 'queued') this.gate.unline(this);`,
    replace: '',
    specs: ['loading/load-gate'],
  },
  {
    name: 'a load with the last place waits for one in the queue',
    file: FLIGHT,
    find: '      this.letThrough?.();',
    replace: '',
    specs: ['loading/load-runner'],
  },
  {
    name: 'a bulk load keeps its place',
    file: BULK,
    find: '    this.#place.leave();',
    replace: '',
    specs: ['loading/bulk-load'],
  },
  {
    name: 'a bulk load may ask for its own keys',
    file: BULK,
    find: 'if (this.#first) flight.dependOn(this.#first);',
    replace: '',
    specs: ['loading/bulk-load'],
  },
  {
    name: 'a bulk load is aborted with the first key that nobody wants',
    file: BULK,
    find: 'if (--this.#wanted === 0) this.#controller',
    replace: 'if (--this.#wanted >= 0) this.#controller',
    specs: ['loading/bulk-load'],
  },
  {
    name: 'the end of a lease leaves the lock closed',
    file: LOCK,
    find: 'ms`));\n      this.#release(key);',
    replace: 'ms`));',
    specs: ['loading/key-lock'],
  },
  {
    name: 'who lost the lease releases the lock of the next',
    file: LOCK,
    find: 'if (!controller.signal.aborted) this.#release(key);',
    replace: 'this.#release(key);',
    specs: ['loading/key-lock'],
  },
  {
    name: 'closing leaves what hangs to itself',
    file: 'enhanced-cache.ts',
    find: '    flights.abandon(new CacheClosedError());',
    replace: '',
    specs: ['engine/enhanced-cache.spec', 'catalogue/shutdown'],
  },
  {
    name: 'who joined a load starts another one while the cache closes',
    file: 'loading/read-through.ts',
    find: 'if (mayBeOld && !this.parts.core.closed)',
    replace: 'if (mayBeOld)',
    specs: ['catalogue/shutdown'],
  },
  {
    name: 'a listener that rejects is nobody’s business',
    file: 'events.ts',
    find: 'if (result instanceof Promise) result.catch((error: unknown) => this.#failed(event, error));',
    replace: 'if (result instanceof Promise) result.catch(() => undefined);',
    specs: ['engine/events', 'catalogue/concurrency'],
  },
  {
    name: 'an error inside a sweep is lost',
    file: 'expiry/expiry-sweeper.ts',
    find: 'runInSlices(this.#steps(), this.clock).catch(this.failed);',
    replace: 'runInSlices(this.#steps(), this.clock).catch(() => undefined);',
    specs: ['engine/expiry/', 'catalogue/shutdown'],
  },
];
