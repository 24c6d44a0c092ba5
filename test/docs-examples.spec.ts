import { compileExamples } from './support/compile-examples.js';
import { DOCUMENTS, type Example, examplesOf, readDocument } from './support/documents.js';

const COMPILER_MS = 120_000;

describe('examples in the documents', () => {
  const examples = DOCUMENTS.flatMap((document) => examplesOf(document));
  const probe: Example = {
    document: 'probe.md',
    line: 10,
    uses: ['cache'],
    code: 'await cache.get("k");\ncache.got("k");\n',
  };
  let problems: string[];

  // One program for all of them and for the probe: reading the types of Nest is what takes time.
  beforeAll(() => {
    problems = compileExamples([...examples, probe]);
  }, COMPILER_MS);

  it.each(DOCUMENTS)('compile: %s', (document) => {
    expect(problems.filter((problem) => problem.startsWith(`${document}:`))).toEqual([]);
  });

  it('are reported at the line of the document where they do not', () => {
    expect(problems.filter((problem) => problem.startsWith('probe.md:'))).toEqual([
      expect.stringMatching(/^probe\.md:11: Property 'got' does not exist/),
    ]);
  });

  it('are found with their line and what they take from the prelude', () => {
    const page = 'Text\n\n<!-- uses: cache, user -->\n\n```ts\nawait cache.clear();\n```\n\n```ts\nlet a;\n```\n';
    expect(examplesOf('page.md', page)).toEqual([
      { document: 'page.md', line: 6, code: 'await cache.clear();\n', uses: ['cache', 'user'] },
      { document: 'page.md', line: 10, code: 'let a;\n', uses: [] },
    ]);
  });

  it('stand in every page of the guide that teaches code', () => {
    const pages = [
      'README.md',
      'libs/enhanced-cache/README.md',
      'docs/guide/getting-started.md',
      'docs/guide/testing.md',
    ];
    for (const page of pages) expect(examples.some(({ document }) => document === page)).toBe(true);
  });

  it('are written as ts and nothing else, so that none escapes the compiler', () => {
    const other = /^```(?:typescript|tsx|js|javascript)\b/m;
    expect(DOCUMENTS.filter((document) => other.test(readDocument(document)))).toEqual([]);
  });
});
