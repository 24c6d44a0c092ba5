/**
 * Ends a run with one plain line, `N passed, N failed`, from the runner's own count.
 *
 * A file that cannot even be loaded counts as one failure. Skipped and todo tests fail the run, because a test that does
 * not run proves nothing; only a run narrowed by `--testNamePattern` may leave tests out.
 */
export default class CountReporter {
  #narrowed;
  #error;

  constructor(globalConfig) {
    this.#narrowed = Boolean(globalConfig.testNamePattern);
  }

  onRunComplete(_contexts, results) {
    const leftOut = this.#narrowed ? 0 : results.numPendingTests + results.numTodoTests;
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + leftOut;
    if (leftOut > 0) this.#error = new Error(`${leftOut} tests were skipped or left to do`);
    if (results.numPassedTests + failed === 0) this.#error = new Error('no test ran');
    const lines = [...(this.#error ? [this.#error.message] : []), `${results.numPassedTests} passed, ${failed} failed`];
    // The runner prints its own summary after every reporter; at exit this line is sure to be the last one.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }

  /** An error here makes the runner exit with a failure. */
  getLastError() {
    return this.#error;
  }
}
