import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COPIED = [
  'package.json',
  'tsconfig.json',
  'libs',
  'scripts/count-reporter.mjs',
  'scripts/mutants',
  'scripts/support',
];
const ENGINE = 'libs/enhanced-cache/src/engine';
const RUN_DEADLINE_MS = 180_000;

/** A copy of the project to break and to test; the original is never touched. */
export class ProjectCopy {
  #folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  #running;

  constructor(root) {
    for (const path of COPIED) {
      cpSync(join(root, path), join(this.#folder, path), {
        recursive: true,
        filter: (from) => !from.endsWith('/dist'),
      });
    }
    // Folders that the test runner is told to look into.
    for (const path of ['src', 'test']) mkdirSync(join(this.#folder, path));
    symlinkSync(realpathSync(join(root, 'node_modules')), join(this.#folder, 'node_modules'), 'dir');
  }

  /** How often `text` stands in a file of the engine. */
  count(file, text) {
    return this.#read(file).split(text).length - 1;
  }

  /** Runs `work` while `find` is replaced in a file of the engine. */
  async replacing({ file, find, replace }, work) {
    const original = this.#read(file);
    try {
      // A function, as `$` in a text would mean something.
      writeFileSync(
        join(this.#folder, ENGINE, file),
        original.replace(find, () => replace),
      );
      return await work();
    } finally {
      writeFileSync(join(this.#folder, ENGINE, file), original);
    }
  }

  /**
   * Runs the specs whose paths match one of `patterns`, up to the first test that fails.
   *
   * @returns the tests that passed and failed, and the name of the first that failed; `failed` is -1 where there was no
   * result: the process ended before, or a file could not even be loaded.
   */
  async test(patterns) {
    const output = join(this.#folder, 'result.json');
    rmSync(output, { force: true });
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
    const options = ['--json', `--outputFile=${output}`, '--runInBand', '--silent', '--testTimeout=5000'];
    const reporters = ['--reporters=./scripts/mutants/first-failure.mjs'];
    const command = [...jest, ...options, ...reporters, '--testPathPatterns', ...patterns];
    const env = { ...process.env, MUTANT_RESULT: output };
    this.#running = spawn(process.execPath, command, { cwd: this.#folder, stdio: 'ignore', env, detached: true });
    const child = this.#running;
    const deadline = setTimeout(() => killGroup(child), RUN_DEADLINE_MS);
    await new Promise((ended) => child.once('close', ended));
    clearTimeout(deadline);
    killGroup(child);
    return this.#result(output);
  }

  remove() {
    if (this.#running) killGroup(this.#running);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #result(output) {
    let result;
    try {
      result = JSON.parse(readFileSync(output, 'utf8'));
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      return { passed: 0, failed: -1, first: 'no result' };
    }
    if (result.numRuntimeErrorTestSuites > 0) return { passed: 0, failed: -1, first: 'a file could not be loaded' };
    const tests = result.testResults.flatMap(({ assertionResults }) => assertionResults);
    const first = tests.find(({ status }) => status === 'failed');
    return { passed: result.numPassedTests, failed: result.numFailedTests, first: first?.fullName ?? '' };
  }

  #read(file) {
    return readFileSync(join(this.#folder, ENGINE, file), 'utf8');
  }
}

/** A run that ends early leaves behind what its tests started: all of it is in the group of the process. */
function killGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
