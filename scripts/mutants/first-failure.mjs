import { writeFileSync } from 'node:fs';

/**
 * Ends the run at the first test that fails: a mutant is killed by then, and what the others say of it may take minutes, as they
 * wait for what never happens. Writes the part of the runner's result that is asked for to MUTANT_RESULT.
 */
export default class FirstFailure {
  onTestCaseResult(_test, { status, fullName }) {
    if (status !== 'failed') return;
    const testResults = [{ assertionResults: [{ status, fullName }] }];
    const result = { numPassedTests: 0, numFailedTests: 1, numRuntimeErrorTestSuites: 0, testResults };
    writeFileSync(process.env.MUTANT_RESULT, JSON.stringify(result));
    process.exit(1);
  }
}
