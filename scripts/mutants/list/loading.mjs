const RUNNER = 'loading/load-runner.ts';
const READ = 'loading/read-through.ts';
const FRESHNESS = 'loading/freshness.ts';
const LOADS = ['loading/(flight|fresh|load-runner|read-through|write-fence)'];

/** What goes wrong when a source is slow or fails. */
export const loading = [
  {
    name: 'a hit is noted after the entry may have left for its decoded form',
    file: 'cache-core.ts',
    find: `store.noteHit(slot, now);
    // After that: it may cost an entry its place, and this one is among them.
    if (opened) store.keepDecoded(slot, opened);`,
    replace: `if (opened) store.keepDecoded(slot, opened);
    store.noteHit(slot, now);`,
    specs: ['regressions/read-evicts'],
  },
  {
    name: 'a failed load holds nothing off',
    file: RUNNER,
    find: 'if (slot !== -1) store.table.holdOff(slot, options.clock.now() + errorBackoffMs);',
    replace: 'if (slot !== -1) store.table.holdOff(slot, options.clock.now() - errorBackoffMs);',
    specs: ['catalogue/outages', 'loading/read-through'],
  },
  {
    name: 'every request is an attempt while the source is down',
    file: FRESHNESS,
    find: `mayRetry ? 'fall-back' : 'serve-stale'`,
    replace: `mayRetry ? 'fall-back' : 'fall-back'`,
    specs: ['catalogue/outages'],
  },
  {
    name: 'renewing early does not mind the back-off',
    file: FRESHNESS,
    find: 'mayRetry && isDueEarly(',
    replace: 'isDueEarly(',
    specs: LOADS,
  },
  {
    name: 'a late failure holds off',
    file: RUNNER,
    find: 'if (!flight.ended) this.#holdOff(',
    replace: 'this.#holdOff(',
    specs: LOADS,
  },
  {
    name: 'an aborted load counts as a failure of the source',
    file: RUNNER,
    find: 'if (!flight.signal.aborted) {',
    replace: 'if (flight) {',
    specs: LOADS,
  },
  {
    name: 'null lives as long as a value',
    file: FRESHNESS,
    find: 'value === null && loading',
    replace: 'value === undefined && loading',
    specs: LOADS,
  },
  {
    name: 'stale hits are counted as fresh',
    file: 'cache-core.ts',
    find: '    this.#counters.staleHits++;\n',
    replace: '',
    specs: LOADS,
  },
  {
    name: 'a value that stands in is not counted as stale',
    file: READ,
    find: 'if (value !== undefined) counters.staleHits++;',
    replace: '',
    specs: LOADS,
  },
  {
    name: 'a value stands in for ever',
    file: FRESHNESS,
    find: 'return now - age.freshUntil < Math.max(',
    replace: 'return now - age.freshUntil < Infinity * Math.max(1,',
    specs: LOADS,
  },
  {
    name: 'a slow load is aborted with the caller it kept waiting',
    file: READ,
    find: 'flight.background = true;',
    replace: '',
    specs: LOADS,
  },
  {
    name: 'the timer of a soft timeout stays',
    file: READ,
    find: '.finally(() => timer?.cancel())',
    replace: '',
    specs: LOADS,
  },
  {
    name: 'the timer of a hard timeout stays',
    file: RUNNER,
    find: 'const cancel = (): void => timer.cancel();',
    replace: 'const cancel = (): unknown => timer;',
    specs: ['loading/load-runner', 'catalogue/outages'],
  },
  {
    name: 'a hard timeout does not release the key',
    file: RUNNER,
    find: '      flights.end(flight);\n      if (place',
    replace: '      if (place',
    specs: LOADS,
  },
  {
    name: 'a hard timeout does not release the place',
    file: RUNNER,
    find: '      place.leave();\n    }, hardTimeoutMs);',
    replace: '    }, hardTimeoutMs);',
    specs: LOADS,
  },
  {
    name: 'what nobody waits for any more is stored',
    file: RUNNER,
    find: '!skipped && !signal.aborted &&',
    replace: '!skipped &&',
    specs: LOADS,
  },
  {
    name: 'what the loader asks not to store is stored',
    file: RUNNER,
    find: '!skipped && !signal.aborted &&',
    replace: '!signal.aborted &&',
    specs: LOADS,
  },
  {
    name: 'waiters share one object in copy mode',
    file: READ,
    find: `(core.options.isolation === 'copy' && !joined)`,
    replace: `core.options.isolation === 'copy'`,
    specs: LOADS,
  },
  {
    name: 'two requests renew a value at once',
    file: READ,
    find: 'if (!this.parts.flights.get(key)) this.#runner',
    replace: 'this.#runner',
    specs: LOADS,
  },
  {
    name: 'nobody catches what fails in the background',
    file: 'loading/flight.ts',
    find: '    this.result.catch(() => undefined);',
    replace: '',
    specs: ['catalogue/shutdown'],
  },
];
