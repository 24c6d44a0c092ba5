import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every page that users read, as paths from the root of the repository. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  'CHANGELOG.md',
  'libs/enhanced-cache/README.md',
  'libs/enhanced-cache/CHANGELOG.md',
  ...pagesIn('docs'),
  ...pagesIn('bench'),
];

function pagesIn(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`)
    .sort();
}

export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** One fenced example of a document. */
export interface Example {
  readonly document: string;
  /** Line of the document, from 1, in which the code begins. */
  readonly line: number;
  readonly code: string;
  /** Names that the example takes from `docs-prelude.ts`. */
  readonly uses: readonly string[];
}

const EXAMPLE = /(?:<!-- uses: ([\w, ]+) -->\n+)?^```ts\n([\s\S]*?)^```$/gm;

/**
 * The TypeScript examples of a document. A fragment may have a comment before it, `<!-- uses: cache -->`, that names
 * what it takes from the prelude; readers of the page do not see it.
 */
export function examplesOf(document: string, text = readDocument(document)): Example[] {
  return [...text.matchAll(EXAMPLE)].map(([fence, uses, code], index, all) => {
    const start = all[index].index + fence.indexOf('```ts\n') + '```ts\n'.length;
    const line = text.slice(0, start).split('\n').length;
    return { document, line, code, uses: uses?.split(',').map((name) => name.trim()) ?? [] };
  });
}

/** The rows of the first table under `heading`, each a list of cells; the head of the table is left out. */
export function tableUnder(text: string, heading: string): string[][] {
  const at = text.indexOf(`\n${heading}\n`);
  if (at === -1) throw new Error(`no heading ${heading}`);
  const section = text.slice(at + 1);
  const lines = section.split('\n').slice(1);
  const first = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  return lines.slice(first + 2, first + length).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Text outside of code blocks. */
export function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}
