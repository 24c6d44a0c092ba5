import { dirname, join } from 'node:path';
import ts from 'typescript';
import { type Example, ROOT } from './documents.js';

const CONFIG = join(ROOT, 'tsconfig.json');
const PRELUDE = './docs-prelude.js';

/**
 * What the compiler says of examples, one `document:line: message` each, by the settings of this repository.
 *
 * Each example is a module of its own; all of them are one program, so that what they import is read once. Nothing is
 * written. Cost: some seconds for the first import of Nest's types, little for each further example.
 */
export function compileExamples(examples: readonly Example[]): string[] {
  const options = compilerOptions();
  const sources = new Map(
    examples.map((example, index) => [fileNameOf(index), { example, text: moduleText(example) }]),
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.readFile = (name) => sources.get(name)?.text ?? readFile(name);
  host.getSourceFile = (name, how, ...rest) => {
    const source = sources.get(name);
    return source ? ts.createSourceFile(name, source.text, how) : getSourceFile(name, how, ...rest);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return [...sources].flatMap(([name, { example }]) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map((diagnostic) => describeDiagnostic(example, diagnostic));
  });
}

/** Beside the prelude, whatever folder the document is in: there are no such files on disk. */
function fileNameOf(index: number): string {
  return join(ROOT, 'test/support', `docs-example-${index}.ts`);
}

/** What is added stands on the first and after the last line, so that line numbers are those of the example. */
function moduleText({ code, uses }: Example): string {
  const prelude = uses.length > 0 ? `import { ${uses.join(', ')} } from '${PRELUDE}'; ` : '';
  return `${prelude}${code}\nexport {};\n`;
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(CONFIG, ts.sys.readFile) as { config: unknown };
  return { ...ts.parseJsonConfigFileContent(config, ts.sys, dirname(CONFIG)).options, noEmit: true };
}

function describeDiagnostic({ document, line }: Example, { file, start, messageText }: ts.Diagnostic): string {
  const offset = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : 0;
  return `${document}:${line + offset}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
