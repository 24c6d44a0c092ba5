import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SOURCES = resolve(dirname(fileURLToPath(import.meta.url)), '../../src');
/** What `core.ts` is made of. */
const ROOMS = ['engine', 'keyv'];
const NODE_MODULES = realpathSync(resolve(SOURCES, '../../../node_modules'));

/** How a program on the engine ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs programs on the engine in processes of their own, from its sources: types are stripped into a temporary folder,
 * so no build has to be there, nor can an old one be mistaken for the sources.
 */
export class EngineProcesses {
  readonly #folder = mkdtempSync(join(tmpdir(), 'engine-process-'));
  readonly #running = new Set<ChildProcessWithoutNullStreams>();
  #programs = 0;

  constructor() {
    const files = ['core.ts', ...ROOMS.flatMap(filesIn)];
    for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))) {
      const { outputText } = ts.transpileModule(readFileSync(join(SOURCES, file), 'utf8'), {
        compilerOptions: {
          module: ts.ModuleKind.ESNext,
          target: ts.ScriptTarget.ES2022,
          useDefineForClassFields: false,
        },
      });
      const target = join(this.#folder, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, outputText);
    }
    writeFileSync(join(this.#folder, 'package.json'), '{ "type": "module" }');
    symlinkSync(NODE_MODULES, join(this.#folder, 'node_modules'), 'dir');
  }

  /** Starts `program`, the text of an ES module that imports from `./core.js`; `flags` are for Node.js. */
  start(program: string, flags: readonly string[] = []): ChildProcessWithoutNullStreams {
    const file = join(this.#folder, `program-${this.#programs++}.mjs`);
    writeFileSync(file, program);
    const child = spawn(process.execPath, [...flags, file]);
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }

  /** How `child` ends; `onText` hears all that it has printed so far, each time that there is more. */
  ended(child: ChildProcessWithoutNullStreams, onText: (text: string) => void = () => undefined): Promise<Ended> {
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => onText((stdout += chunk.toString())));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    return new Promise((done) => child.once('close', (code, signal) => done({ code, signal, stdout, stderr })));
  }

  remove(): void {
    for (const child of this.#running) child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function filesIn(room: string): string[] {
  return readdirSync(join(SOURCES, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file));
}
